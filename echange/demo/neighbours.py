"""The same named neighbours in the demo town, the tests and the pictures."""

from dataclasses import dataclass
from typing import Final

# Shown by `dev.py run`; the demo is refused when the base URL is https.
PASSWORD: Final = "bonjour-fontenay"  # noqa: S105 — public on purpose


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the demo town; `offers` and `wants` are names of skills."""

    handle: str
    name: str
    quartier: str
    headline: str = ""
    about: str = ""
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    keeps: str | None = None

    @property
    def email(self) -> str:
        return f"{self.handle}@echange.example"


ALICE: Final = Neighbour(
    "alice",
    "Alice Morel",
    "les-larris",
    "Couturière à la retraite",
    "Je retouche, je raccourcis, j’explique. Chez moi la machine est toujours sortie.",
    offers=("Couture", "Tricot", "Confitures"),
    wants=("Montage de meubles", "Informatique", "Jardinage"),
)
BOB: Final = Neighbour(
    "bob",
    "Bob Traoré",
    "le-plateau",
    "Répare les vélos le samedi",
    "Mon atelier tient dans un local à poussettes. Apportez votre vélo, repartez avec les mains noires.",
    offers=("Réparation de vélo", "Montage de meubles", "Bricolage"),
    wants=("Couture", "Portugais", "Cuisine"),
)
CHARLIE: Final = Neighbour(
    "charlie",
    "Charlie Nguyen",
    "le-village",
    "Étudiante en mathématiques",
    "Je donne des cours et je cherche quelqu’un pour apprendre la soudure.",
    offers=("Soutien en mathématiques", "Informatique", "Vietnamien"),
    wants=("Soudure", "Guitare", "Réparation de vélo"),
)
REDOUTE: Final = Neighbour(
    "redoute",
    "Farida Benali",
    "la-redoute",
    "Présidente des Fêtes de la Redoute",
    "Tables, barnum, sono : on prête, on aide à monter.",
    offers=("Organisation de fêtes", "Cuisine", "Arabe"),
    wants=("Sonorisation", "Graphisme", "Comptabilité"),
    keeps="Les Fêtes de la Redoute",
)
CONCIERGE: Final = Neighbour(
    "concierge", "Nadia Petit", "val-de-fontenay", "À l’accueil de La Forge", roles=("concierge",)
)
MODERATRICE: Final = Neighbour("moderatrice", "Solène Garnier", "les-rigollots", roles=("moderator",))
ADMIN: Final = Neighbour("admin", "Bernard Lemoine", "le-village", roles=("admin",))

NEIGHBOURS: Final = (ALICE, BOB, CHARLIE, REDOUTE, CONCIERGE, MODERATRICE, ADMIN)


@dataclass(frozen=True)
class Kept:
    """Somebody without an e-mail address, whom the desk wrote down `days` ago and calls."""

    name: str
    woman: bool
    quartier: str
    phone: str
    days: int
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()


MADELEINE: Final = Kept(
    "Madeleine Aubert", True, "les-larris", "01 99 00 84 12", 150,
    offers=("Tricot", "Confitures"), wants=("Montage de meubles", "Courses"),
)  # fmt: skip
MARCEL: Final = Kept(
    "Marcel Robin", False, "le-plateau", "01 99 00 84 27", 90,
    offers=("Jeux de cartes",), wants=("Bricolage", "Lecture à domicile"),
)  # fmt: skip
KEPT: Final = (MADELEINE, MARCEL)
