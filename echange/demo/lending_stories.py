"""What the demo town lends, where, and who has what: told in short, written down by `equipment` and `lending`."""

# ruff: noqa: E501 — what is said of each thing stays on one line.

from dataclasses import dataclass
from typing import Final

DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class PlaceStory:
    """`hours`: weekdays and minutes after midnight; `keeper` an organisation by its name, None for the town."""

    slug: str
    name: str
    quartier: str
    address: str
    about: str
    way: str
    access: tuple[str, ...]
    hours: tuple[tuple[tuple[int, ...], int, int], ...]
    keeper: str | None = None
    access_note: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LenderStory:
    """`owner`: a place's slug, an organisation's name, or a neighbour's handle."""

    key: str
    owner: str
    address: str = ""
    directions: str = ""
    hours: tuple[tuple[tuple[int, ...], int, int], ...] = ()
    max_running: int | None = None


@dataclass(frozen=True, slots=True)
class ThingStory:
    """Money in euros, lengths in minutes; `parts` of a kit: key, how many, whether one may do without."""

    key: str
    lender: str
    title: str
    body: str
    category: str = ""
    kind: str = "thing"
    units: int = 1
    place: str = ""
    manual: str = ""
    rules: str = ""
    value: int | None = None
    deposit: int = 0
    approval: str = "automatic"
    who: str = "verified"
    renewals: int = 1
    max_minutes: int | None = 8 * DAY
    min_minutes: int = 1
    after: int = 0
    step: int = 0
    spans: bool = True
    training: str = ""
    accessories: tuple[str, ...] = ()
    parts: tuple[tuple[str, int, bool], ...] = ()
    # How many past loans there were of each unit.
    past: int = 0


@dataclass(frozen=True, slots=True)
class LoanStory:
    """From the first opening so many days from now, for so many days; `events` as `lending.life` knows them."""

    thing: str
    borrower: str
    start: int
    days: int
    events: tuple[str, ...]
    quantity: int = 1
    purpose: str = ""
    deposit: int = 0


@dataclass(frozen=True, slots=True)
class WaitStory:
    """Somebody waits for what the loan of that thing takes."""

    thing: str
    waiter: str
    start: int
    days: int


WORKDAYS: Final = (1, 2, 3, 4, 5)
PLACES: Final = (
    PlaceStory(
        "la-forge", "La Forge", "val-de-fontenay", "12 rue de la Réunion",
        "Le tiers-lieu de la ville : machines, ateliers, repair café, conciergerie. On entre, on demande, on essaie.",
        "RER A et E, sortie rue de la Réunion, puis trois minutes à pied. Bus 118, arrêt Val de Fontenay.",
        ("step_free", "toilet", "hearing_loop", "parking"),
        ((WORKDAYS, 9 * 60 + 30, 18 * 60 + 30),), keeper="La Forge",
        access_note="La mezzanine se rejoint par un escalier ; tout le reste est de plain-pied.", phone="01 99 00 24 94",
    ),
    PlaceStory(
        "mediatheque-du-village", "Médiathèque du Village", "le-village", "3 place du Marché",
        "Des livres, des jeux, des ordinateurs, et une salle de travail au calme.",
        "Derrière l’église, entrée par la cour. Bus 122, arrêt Mairie.",
        ("step_free", "lift", "toilet", "quiet"),
        (((1, 2, 4), 14 * 60, 19 * 60), ((3, 5), 10 * 60, 18 * 60)), keeper="Médiathèque du Village",
    ),
    PlaceStory(
        "maison-des-associations", "Maison des associations", "les-larris", "27 avenue des Larris",
        "Des salles, une cuisine, des casiers : la maison de toutes les associations de la ville.",
        "Au pied des tours des Larris, à côté du marché du jeudi. Bus 124, arrêt Les Larris.",
        ("step_free", "toilet"),
        (((0, 1, 2, 3, 4), 9 * 60, 21 * 60 + 30), ((5,), 9 * 60, 18 * 60)),
    ),
)  # fmt: skip

FETES: Final = "Les Fêtes de la Redoute"
LENDERS: Final = (
    LenderStory(
        "fetes", FETES, "8 rue de la Redoute, porte bleue au fond de la cour",
        "Le local est au bout de la cour pavée. Prévoyez un break pour les tables, une camionnette pour le barnum.",
        (((2,), 17 * 60, 19 * 60), ((4,), 17 * 60, 19 * 60 + 30), ((5,), 9 * 60, 12 * 60)), max_running=4,
    ),
    LenderStory("forge", "la-forge"),
    LenderStory("mediatheque", "mediatheque-du-village"),
    LenderStory("maison", "maison-des-associations"),
    LenderStory("cine", "Ciné-Cour"),
    LenderStory("alice", "alice", "5 allée des Larris, bâtiment C", "Deuxième étage, sonnez à Morel."),
    LenderStory("bob", "bob", "19 rue du Plateau, l’atelier du rez-de-chaussée", "Plutôt le samedi, ou le soir après 18 h."),
)  # fmt: skip

THINGS: Final = (
    ThingStory("table", "fetes", "Table pliante, huit places", "Plateau de 183 cm, se plie en deux, 14 kilos. Elles vont par deux dans un break.", "fetes", units=8, value=55, deposit=20, max_minutes=6 * DAY, past=3),
    ThingStory("banc", "fetes", "Banc pliant", "Assorti aux tables, trois personnes chacun.", "fetes", units=12, value=25, max_minutes=6 * DAY, past=1),
    ThingStory("barnum", "fetes", "Barnum 3 × 6 m", "Toile blanche, quatre côtés, lests fournis. On le monte à quatre en une demi-heure.", "fetes", value=900, deposit=150, approval="owner", after=DAY, max_minutes=5 * DAY,
               manual="Montez-le à quatre, jamais par vent de plus de 40 km/h. Séchez la toile avant de la plier.", rules="Un de nous vient au premier montage. La toile revient sèche et balayée.", accessories=("Sac de toile", "Huit lests", "Quatre côtés"), past=6),
    ThingStory("enceinte", "fetes", "Enceinte sur pied", "400 watts, prise jack et Bluetooth. De quoi faire danser une cour.", "musique", units=2, value=300, deposit=80, accessories=("Pied", "Cordon secteur"), past=4),
    ThingStory("micro", "fetes", "Micro à main", "Avec son câble de dix mètres.", "musique", units=3, value=60, past=3),
    ThingStory("mixage", "fetes", "Table de mixage, six voies", "Simple : un bouton par micro, un pour la musique.", "musique", value=120, deposit=50, past=3),
    ThingStory("sono", "fetes", "Sono complète", "Deux enceintes, la table de mixage et un micro : tout pour un loto ou un bal.", "musique", kind="kit", deposit=150, parts=(("enceinte", 2, False), ("mixage", 1, False), ("micro", 1, False), ("banc", 2, True))),
    ThingStory("gaufres", "fetes", "Gaufrier double", "Deux plaques, quatre gaufres à la fois. La recette est collée dessous.", "repas", value=90, deposit=30, accessories=("Louche", "Pinceau"), past=5),
    ThingStory("perceuse", "forge", "Perceuse-visseuse sans fil", "Dix-huit volts, deux batteries, un jeu de forets bois et métal.", "bricolage", units=3, value=110, manual="Laissez refroidir la batterie avant de la recharger.", accessories=("Deux batteries", "Chargeur", "Jeu de forets"), past=7),
    ThingStory("nettoyeur", "forge", "Nettoyeur haute pression", "Pour une terrasse, un vélo, un mur. Raccord de jardin ordinaire.", "jardin", value=160, deposit=40, after=120, accessories=("Lance", "Tuyau de six mètres"), past=5),
    ThingStory("couture", "forge", "Machine à coudre", "Simple et robuste, la notice est dans la valise. Alice montre, le mardi.", "divers", units=2, value=180, deposit=50, max_minutes=15 * DAY, renewals=2, past=3),
    ThingStory("laser", "forge", "Découpeuse laser", "Bois, carton, plexiglas jusqu’à six millimètres, plateau de 60 × 40 cm. Sur place, avec vos matériaux.", kind="machine", value=4000, training="laser", step=30, min_minutes=30, max_minutes=4 * 60, spans=False, renewals=0),
    ThingStory("verriere", "forge", "La Verrière, salle de réunion", "Douze places, un grand écran, un tableau blanc. La lumière vient du toit.", kind="room", step=30, min_minutes=30, max_minutes=8 * 60, spans=False, renewals=0),
    ThingStory("poste", "mediatheque", "Poste informatique calme", "Un ordinateur, un casque, une imprimante, et personne derrière votre épaule.", kind="desk", step=30, min_minutes=30, max_minutes=3 * 60, spans=False, renewals=0),
    ThingStory("cuisine", "maison", "Cuisine de la maison", "Quatre feux, un four, un grand évier. Trente assiettes, trente couverts.", kind="room", step=60, min_minutes=60, max_minutes=8 * 60, spans=False, approval="staff", renewals=0, rules="La cuisine revient propre et les poubelles sorties."),
    ThingStory("projecteur", "cine", "Vidéoprojecteur", "Pour une projection dans le salon ou une réunion de quarante personnes. Télécommande, câble HDMI et rallonge dans la sacoche.", "image", units=3, place="la-forge", value=350, deposit=80, accessories=("Télécommande", "Câble HDMI", "Rallonge", "Sacoche"), past=6),
    ThingStory("ecran", "cine", "Écran gonflable", "Trois mètres de large, sa soufflerie, ses sardines. Il faut une prise et pas trop de vent.", "image", place="la-forge", value=420, deposit=100, approval="owner", max_minutes=4 * DAY, past=3),
    ThingStory("raclette", "alice", "Appareil à raclette pour huit", "Avec ses huit poêlons, il n’en manque aucun.", "repas", value=50, past=3),
    ThingStory("coupeuse", "alice", "Surjeteuse", "Pour finir les bords comme en magasin. Je montre comment l’enfiler.", "divers", value=250, deposit=50, approval="owner", past=1),
    ThingStory("echelle", "bob", "Échelle télescopique, 3,80 m", "Elle tient dans un coffre. Pas pour les toits !", "bricolage", value=130, past=5),
    ThingStory("remorque", "bob", "Remorque de vélo", "Quarante kilos, attache universelle. Parfaite pour un marché ou un petit déménagement.", "velo", value=200, past=4),
)  # fmt: skip
TRAININGS: Final = (
    (
        "laser",
        "forge",
        "Découpeuse laser, prise en main",
        "Une heure, le jeudi à 17 h : la machine, les matériaux, les gestes qui sauvent.",
    ),
)
TRAINED: Final = (("laser", "bob"),)

_OUT: Final = ("agreed", "handed_over")
LOANS: Final = (
    LoanStory("barnum", "bob", 10, 3, ("requested",), purpose="L’anniversaire de ma fille, dans la cour"),
    LoanStory("barnum", "charlie", 24, 3, ("requested", "agreed"), purpose="La fête du club de maths"),
    LoanStory("projecteur", "alice", 1, 4, ("agreed", "prepared"), purpose="Soirée film au 14, hall B"),
    LoanStory("projecteur", "bob", -3, 6, _OUT, deposit=80),
    LoanStory("perceuse", "charlie", -9, 7, _OUT),
    LoanStory("perceuse", "alice", 3, 3, ("agreed",), purpose="Deux étagères et un miroir"),
    LoanStory("table", "redoute", -2, 5, _OUT, quantity=3),
    LoanStory("table", "alice", 6, 3, ("agreed",), quantity=4, purpose="Le repas de l’immeuble"),
    LoanStory("gaufres", "charlie", -1, 4, _OUT, deposit=30),
    LoanStory("sono", "bob", 12, 3, ("agreed",), purpose="Le bal du Plateau"),
    LoanStory("echelle", "alice", 2, 3, ("agreed",), purpose="Changer une ampoule dans l’entrée"),
    LoanStory("raclette", "bob", -2, 3, _OUT, purpose="Les cousins arrivent samedi"),
    LoanStory("nettoyeur", "bob", 5, 2, ("agreed", "cancelled"), purpose="La terrasse, s’il ne pleut pas"),
    LoanStory("couture", "redoute", -6, 14, _OUT, deposit=50),
)  # fmt: skip
WAITS: Final = (WaitStory("barnum", "alice", 24, 3), WaitStory("barnum", "bob", 24, 3))
DAMAGED: Final = (
    "table",
    "charlie",
    20,
    5,
    10,
    "Un coin est écrasé : elle a dû tomber du coffre.",
    "Dix euros gardés pour l’angle neuf, c’est convenu avec Charlie.",
)
"""A past loan that ended with damage: thing, borrower, days ago, days, euros kept, what was seen, what was decided."""
