"""What the named neighbours are up to: annonces and conversations told by hand."""

# ruff: noqa: E501 — what people say stays on one line.

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Story:
    """An annonce of a named neighbour, published `hours` ago."""

    key: str
    by: str
    hours: float
    kind: str
    drawing: str
    title: str
    body: str
    price: str = ""
    by_organisation: str = ""
    condition: str = ""
    grams: int | None = None
    standing: bool = False
    fair: bool = False
    ends_in_days: int | None = None


STORIES: Final = (
    Story("ourlets", "alice", 20, "service_offered", "sewing", "Ourlets et fermetures éclair, un après-midi",
          "La machine est sortie, le fer est chaud. Apportez le vêtement et le fil, je montre comment faire. Une heure, un thé."),
    Story("pots", "alice", 52, "give", "jam", "Trente pots à confiture vides, avec couvercles",
          "Verre propre, étiquettes presque toutes décollées. À venir chercher aux Larris, troisième étage avec ascenseur.",
          condition="good", grams=6000),
    Story("etagere", "alice", 130, "service_sought", "drill", "Fixer une étagère, mur en béton",
          "J’ai acheté les chevilles, pas le courage. Une petite heure le samedi. Je retouche un vêtement en échange."),
    Story("velo", "bob", 7, "service_offered", "bike", "Je répare votre vélo le samedi matin",
          "Freins, crevaison, dérailleur. En bas du 12, au Plateau. On répare ensemble, vous repartez avec les mains noires.",
          standing=True),
    Story("remorque", "bob", 80, "lend", "bike", "Remorque de vélo, deux enfants ou un sapin",
          "Elle se fixe en deux minutes sur tous les axes. Une semaine à la fois, casques à votre taille, ou presque."),
    Story("portugais", "bob", 210, "service_sought", "board", "Conversation en portugais avant l’été",
          "Je pars voir ma belle-famille à Braga et je ne sais dire que « obrigado ». Une heure le soir, en marchant si on veut.",
          ends_in_days=5),
    Story("maths", "charlie", 30, "service_offered", "board", "Soutien en maths, collège et lycée",
          "J’explique trois fois, de trois façons. On part de ce qui bloque, pas du début du livre. Le mercredi ou le dimanche."),
    Story("soudure", "charlie", 100, "service_sought", "drill", "Qui m’apprend à souder ?",
          "Un petit kit de radio attend sur mon bureau. J’ai le fer, l’étain et un peu peur. Deux séances suffiront.",
          ends_in_days=-3),
    Story("barnum", "redoute", 3, "lend", "tent", "Barnum 3 × 4,5 m et ses poids",
          "Vingt minutes à deux pour le monter. À retirer au local de la Redoute, rendu sec, s’il vous plaît.",
          by_organisation="Les Fêtes de la Redoute", standing=True),
    Story("tables", "redoute", 46, "service_sought", "chair", "Quatre bras pour monter des tables, samedi 9 h",
          "Repas de rue à midi : on monte à 9 h, on mange à 13 h, ceux qui ont porté mangent en premier.",
          by_organisation="Les Fêtes de la Redoute"),
    Story("boules", "redoute", 300, "lend", "ball", "Six paires de boules et un cochonnet neuf",
          "Pour un après-midi ou un week-end. La mauvaise foi n’est pas fournie.",
          by_organisation="Les Fêtes de la Redoute", standing=True),
    Story("lit", "alice", 9, "give", "chair", "Lit de bébé en hêtre, avec son matelas",
          "Ma petite-fille dort dans un grand lit maintenant. Barreaux solides, deux hauteurs, démonté en dix minutes.",
          condition="good", grams=18000, fair=True),
)  # fmt: skip

DRAFT: Final = Story(
    "brouillon", "alice", 28, "sell", "sewing", "Machine à coudre à pédale, 1930", "", "à discuter"
)

# Told by newcomers whom nobody has met yet: the moderators read them first.
FIRST_STEPS: Final = (
    Story("plantes", "", 2, "give", "plants", "Deux monsteras qui poussent trop bien",
          "Elles touchent le plafond et moi le fond de mon salon. À venir chercher avec un grand sac."),
    Story("menage", "", 5, "service_offered", "basket", "Repassage à domicile, paiement d’avance par virement",
          "Prix imbattables, envoyez d’abord un acompte et je vous rappelle."),
)  # fmt: skip
# What people write to be given the cot, and how they would carry it.
QUEUE: Final = (
    ("C’est pour un bébé attendu en janvier, notre premier.", "Tous les soirs après 19 h", "car"),
    ("Ma sœur accouche dans trois semaines, merci d’y penser !", "Samedi matin", "foot"),
    ("Nous gardons nos petits-enfants le week-end.", "N’importe quand", "car"),
    ("Le nôtre a rendu l’âme cette nuit.", "Ce soir ou demain", "van"),
    ("Assistante maternelle, il servirait tous les jours.", "Entre midi et deux", "bike"),
    ("Je viens avec mon frère et une remorque.", "Mercredi après-midi", "bike"),
    ("Des jumeaux arrivent, un lit nous manque encore.", "Dès que possible", "car"),
    ("J’habite en face, je le porte sous le bras.", "Quand vous voulez", "foot"),
    ("Je n’ai pas de voiture, quelqu’un peut-il m’aider ?", "Vendredi soir", "help"),
)  # fmt: skip


@dataclass(frozen=True)
class Talk:
    """A conversation of named neighbours: about a story when it names one. Lines are (who, minutes ago, what).

    The last `unread` lines have not been read by the other one.
    """

    between: tuple[str, str]
    lines: tuple[tuple[str, int, str], ...]
    about: str | None = None
    unread: int = 0


TALKS: Final = (
    Talk(("bob", "alice"), about="ourlets", unread=2, lines=(
        ("bob", 1100, "Bonjour Alice, j’ai deux pantalons trop longs et une veste dont la fermeture boude. C’est possible mercredi ?"),
        ("alice", 1060, "Bonjour Bob ! Mercredi à 15 h, bien sûr. Pour la veste, apportez une fermeture de 65 cm."),
        ("bob", 1040, "Parfait. Il y en a au marché ?"),
        ("alice", 1031, "Oui, chez le mercier près de la fontaine, demandez la solide."),
        ("bob", 95, "Trouvée ! 65 cm, bleu nuit."),
        ("bob", 93, "Et je vous apporte de la confiture de mes voisins du dessous, ils en font trop."),
    )),
    Talk(("charlie", "alice"), about="pots", unread=1, lines=(
        ("charlie", 2900, "Bonjour, il vous reste des pots ? Une douzaine me suffirait pour des graines."),
        ("alice", 2840, "Bonjour Charlie, prenez-en quinze, ils voyagent mieux en nombre."),
        ("charlie", 38, "Je peux passer ce soir après mon cours, vers 19 h 30 ?"),
    )),
    Talk(("alice", "charlie"), about="maths", lines=(
        ("alice", 1500, "Bonjour Charlie, c’est pour mon petit-fils, en quatrième. Les fractions l’ont vexé."),
        ("charlie", 1440, "Elles vexent tout le monde ! Mercredi 14 h, chez vous ou à la médiathèque ?"),
        ("alice", 1432, "Chez moi, il y aura du gâteau. Merci !"),
    )),
    Talk(("charlie", "bob"), about="velo", unread=1, lines=(
        ("charlie", 300, "Salut Bob, ma chaîne saute dès que je monte vers le Village. Je peux venir samedi ?"),
        ("bob", 260, "Salut ! Oui, à 10 h. Si elle saute, c’est la cassette : on regarde avant d’acheter quoi que ce soit."),
        ("charlie", 52, "Super. J’apporte les croissants et le vélo."),
    )),
    Talk(("bob", "redoute"), about="tables", unread=1, lines=(
        ("bob", 2500, "Présent samedi à 9 h, avec mon beau-frère : ça fait les quatre bras."),
        ("redoute", 2460, "Merci Bob ! Vous êtes inscrits en premier pour le repas."),
        ("bob", 2440, "On ne vient que pour ça."),
    )),
    Talk(("concierge", "alice"), unread=1, lines=(
        ("concierge", 400, "Bonjour Alice, une dame est passée à La Forge pour un ourlet de rideau. Je peux lui donner votre annonce ?"),
        ("alice", 380, "Bien sûr Nadia, elle peut aussi sonner, troisième gauche."),
        ("concierge", 21, "Merci ! Elle vient avec deux rideaux et un chien."),
    )),
)  # fmt: skip
