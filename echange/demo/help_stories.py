"""Helps asked for and offered in the town, told by hand."""

# ruff: noqa: E501 — what people say stays on one line.

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class HelpStory:
    """A help, published `hours` ago; `by` nobody means one neighbour or another.

    `slots` are (days from today, hour, minutes). `ended` so many hours ago, when it is over; `alone` when
    nobody answers it and the desk knows; `acting` is who wrote it down under a mandate.
    """

    key: str
    kind: str
    title: str
    body: str
    minutes: int
    hours: float
    by: str = ""
    skills: tuple[str, ...] = ()
    people: int = 1
    roles: tuple[tuple[str, int], ...] = ()
    slots: tuple[tuple[int, int, int], ...] = ()
    when: str = ""
    effort: int = 1
    access: str = ""
    urgency: str = "calm"
    standing: bool = False
    counted: bool = True
    by_organisation: str = ""
    ended: float | None = None
    ending: str = "done"
    alone: bool = False
    acting: str = ""


HELPS: Final = (
    HelpStory("armoire", "ask", "Descendre une armoire du troisième",
              "Elle va du troisième étage à la camionnette de mon neveu. Elle se démonte à moitié, le café est prêt à 9 h.",
              90, 20, "alice", ("Déménagement",), 3, (("conduire", 1), ("porter", 2)), ((3, 9, 90), (4, 9, 90)), effort=3,
              access="3ᵉ étage avec ascenseur, mais l’armoire n’y entre pas", urgency="week"),
    HelpStory("ordinateur", "ask", "Un ordinateur qui ne s’allume plus",
              "Il faisait ses mises à jour, puis plus rien. Les photos de mes petits-enfants sont dedans.",
              60, 210, "alice", ("Informatique",), ended=39),
    HelpStory("boutons", "offer", "Recoudre vos boutons le mardi",
              "Apportez la chemise et le bouton s’il existe encore. On coud ensemble, on papote.",
              30, 400, "alice", ("Couture",), when="le mardi après-midi", standing=True),
    HelpStory("kit", "offer", "Monter un meuble en kit, sans se fâcher",
              "J’ai la visseuse, vous avez la notice. En général il ne reste que deux vis.",
              90, 160, "bob", ("Montage de meubles",), when="le soir en semaine", effort=2),
    HelpStory("rideaux", "ask", "Raccourcir deux rideaux",
              "Ils traînent par terre et le chat s’en sert d’échelle. Le tissu est lavé, il reste à couper droit.",
              90, 58, "bob", ("Couture",), when="un soir après 18 h"),
    HelpStory("fractions", "offer", "Les devoirs de maths, une heure par semaine",
              "Collège ou lycée, à la médiathèque ou chez vous. On part de ce qui bloque.",
              60, 220, "charlie", ("Soutien en mathématiques",), when="le mercredi", standing=True),
    HelpStory("antivol", "ask", "Scier un antivol dont j’ai perdu la clé",
              "Le vélo est à moi, j’ai la facture. Devant la gare, en dix minutes avec le bon outil.",
              30, 9, "charlie", ("Réparation de vélo",), slots=((1, 18, 30),), urgency="today"),
    HelpStory("buffet", "ask", "Préparer le buffet du repas de quartier",
              "Éplucher, couper, tartiner, goûter. La cuisine du local est à nous tout l’après-midi.",
              120, 50, "redoute", ("Cuisine pour un groupe",), 6, (), ((6, 14, 240),), effort=2, urgency="week",
              by_organisation="Les Fêtes de la Redoute"),
    HelpStory("rota", "ask", "Tenir le local de prêt de la Redoute",
              "Accueillir, sortir le matériel, cocher la feuille. On est deux à chaque permanence, on apprend vite.",
              90, 500, "redoute", ("Montage de barnum",), 2, effort=2, by_organisation="Les Fêtes de la Redoute"),
    HelpStory("etagere", "ask", "Fixer une étagère dans la cuisine",
              "Le mur sonne creux à gauche et dur à droite. J’ai l’étagère et quatre équerres.",
              60, 96, "madeleine", ("Montage de meubles",), when="le matin", effort=2, access="Rez-de-chaussée, sans marche", acting="concierge"),
    HelpStory("lecture", "ask", "Me lire le journal une heure",
              "Mes yeux fatiguent, pas mes oreilles. Les pages locales d’abord, le sport si on a le temps.",
              60, 100, "marcel", ("Lecture à domicile",), when="l’après-midi", alone=True, acting="bob"),
    HelpStory("chaton", "ask", "Nourrir un chat pendant huit jours",
              "Deux croquettes et une caresse par jour, il fait le reste. Les clés sont chez la gardienne.",
              120, 14, "", ("Garde de chat",), when="du 20 au 28, une fois par jour"),
    HelpStory("papiers", "ask", "Comprendre une lettre des impôts",
              "Trois pages, beaucoup de cases. J’ai besoin de quelqu’un de patient avec moi et avec elles.",
              60, 33, "", ("Démarches en ligne",), slots=((2, 17, 60), (5, 10, 60)), urgency="week"),
    HelpStory("haie", "ask", "Tailler la haie avant l’hiver",
              "Douze mètres de troènes. J’ai le taille-haie, plus les épaules.",
              180, 60, "", ("Taille de haies",), 2, effort=3, when="un samedi sans pluie"),
    HelpStory("permis", "ask", "Réviser le code de la route",
              "Les priorités à droite me poursuivent la nuit. Une heure ou deux, avec des exemples du quartier.",
              90, 26, "", ("Conduite accompagnée",)),
    HelpStory("portugais", "ask", "Parler portugais sans livre",
              "Je connais les verbes, pas les gens. En marchant le long de la coulée verte, si possible.",
              60, 44, "", ("Portugais",), when="le dimanche matin"),
    HelpStory("linge", "ask", "Porter le linge au lavomatique",
              "La machine a rendu l’âme et j’ai le bras dans le plâtre. Deux sacs, trois cents mètres.",
              45, 5, "", ("Courses",), slots=((1, 10, 60),), effort=2, urgency="today", access="1ᵉʳ étage sans ascenseur"),
    HelpStory("medecin", "ask", "M’accompagner chez l’ophtalmo",
              "On me met des gouttes et je ne vois plus rien pour rentrer. L’aller se fait en bus.",
              120, 97, "", ("Accompagnement aux rendez-vous",), slots=((8, 14, 120),), alone=True),
    HelpStory("radio", "ask", "Réparer une vieille radio",
              "Elle grésille sur toutes les ondes sauf une, où elle se tait. Elle a connu ma grand-mère.",
              60, 700, "", ("Électricité",), ended=300, ending="expired"),
    HelpStory("valise", "ask", "Monter une valise au quatrième", "Elle est pleine de livres, je le reconnais.",
              30, 260, "", ("Déménagement",), effort=3, ended=250, ending="cancelled"),
    HelpStory("courses", "offer", "Je fais vos courses avec les miennes",
              "Je passe au marché le jeudi et le samedi. Donnez-moi la liste la veille.",
              45, 300, "", ("Courses",), when="jeudi et samedi matin", effort=2, standing=True, counted=False),
    HelpStory("telephone", "offer", "Apprivoiser son téléphone",
              "Grossir les lettres, retrouver ses photos, appeler en image. Sans jargon et sans soupirer.",
              45, 130, "", ("Prise en main du smartphone",), when="en fin d’après-midi"),
    HelpStory("arabe", "offer", "Écrire une lettre en arabe", "Une carte, une demande, un poème : dites-moi ce qu’il faut dire.",
              45, 75, "redoute", ("Arabe",)),
    HelpStory("chien", "offer", "Promener votre chien avec le mien",
              "Le mien est lent et poli. Le parc le matin, le tour du lac le dimanche.",
              45, 88, "", ("Promenade de chien",), when="tôt le matin", effort=2),
    HelpStory("guitare", "offer", "Trois accords de guitare", "Avec trois accords on joue déjà douze chansons. J’en connais treize.",
              60, 190, "", ("Guitare",), when="le soir"),
    HelpStory("confiture", "offer", "Faire les confitures à quatre mains",
              "J’ai les bassines et les étiquettes, apportez les fruits et vos histoires.",
              120, 250, "", ("Confitures",), when="le week-end", counted=False),
)  # fmt: skip
