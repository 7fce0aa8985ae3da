"""What the columns of a list of equipment stand for: ours, and those of Snipe-IT's exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from echange.i18n import mark
from echange.members import fold


@dataclass(frozen=True, slots=True)
class Column:
    """Something we keep of a line. `heads` are folded headings that mean it, the surest first."""

    name: str
    label: str
    hint: str
    heads: tuple[str, ...]


COLUMNS: Final = (
    Column(
        "title",
        mark("Nom de l’objet"),
        mark("Les lignes du même nom font un seul objet, en plusieurs exemplaires."),
        (
            "nom",
            "objet",
            "designation",
            "intitule",
            "title",
            "model",
            "modele",
            "asset name",
            "name",
            "nom de l'objet",
        ),
    ),
    Column(
        "code",
        mark("Code de l’étiquette"),
        mark("Vide : nous en donnons un."),
        ("code", "etiquette", "asset tag", "numero d'inventaire", "inventaire", "tag", "code de l'etiquette"),
    ),
    Column("category", mark("Catégorie"), "", ("categorie", "category", "rubrique", "famille")),
    Column("body", mark("Description"), "", ("description", "descriptif")),
    Column(
        "count",
        mark("Nombre d’exemplaires"),
        mark("Un, quand rien n’est dit."),
        ("exemplaires", "nombre", "quantite", "quantity", "qty", "nombre d'exemplaires"),
    ),
    Column(
        "serial",
        mark("Numéro de série"),
        "",
        ("serie", "numero de serie", "serial", "serial number", "n° de serie", "no serie"),
    ),
    Column("condition", mark("État"), "", ("etat", "status", "statut", "status type", "condition")),
    Column(
        "value",
        mark("Valeur"),
        mark("En euros."),
        ("valeur", "prix", "purchase cost", "cout", "prix d'achat"),
    ),
    Column("deposit", mark("Caution"), mark("En euros."), ("caution", "deposit", "depot de garantie")),
    Column(
        "note",
        mark("Note pour vous"),
        mark("Vue par vous seuls."),
        ("note", "notes", "note pour vous", "remarque", "remarques"),
    ),
    Column(
        "out",
        mark("Sorti chez"),
        mark("Pour vous prévenir : un prêt en cours ne se reprend pas d’un tableau."),
        ("checked out to", "checked out", "assigned to", "sorti chez", "emprunteur"),
    ),
)
NAMES: Final = frozenset(column.name for column in COLUMNS)


def guessed(heads: Sequence[str]) -> dict[str, int]:
    """For each thing we keep, the place of the column that says it, by its heading; each column once."""
    folded = [fold(head).replace("’", "'").strip() for head in heads]
    found: dict[str, int] = {}
    for column in COLUMNS:
        place = next((folded.index(head) for head in column.heads if head in folded), None)
        if place is not None and place not in found.values():
            found[column.name] = place
    return found
