"""Lines of a list of equipment read as pieces to lend: what is right with each, and what is not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from echange.ads import cents_in
from echange.i18n import gettext as _
from echange.lending.categories import CATEGORIES
from echange.lending.codes import CODE, tidied
from echange.lending.import_table import Table
from echange.lending.item_forms import LONGEST_BODY, LONGEST_TITLE, MOST_CENTS
from echange.lending.kinds import CONDITIONS
from echange.lending.models.item import MOST_UNITS
from echange.members import fold

_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
# Of Snipe-IT and of people, by how they begin; the first that fits.
_CONDITIONS: Final = (
    ("new", ("new", "comme neuf", "neuf")),
    (
        "broken",
        ("broken", "en panne", "hors service", "casse", "out for repair", "out for diagnostics", "a reparer"),
    ),
    ("lost", ("lost", "stolen", "perdu", "vole", "lost/stolen")),
    ("worn", ("worn", "use", "fair")),
)
# What Snipe-IT says of what is no longer there.
_GONE: Final = ("archived", "retired", "archive", "retire", "mis au rebut")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: so many pieces alike. Money in cents; `number` is its line in the file."""

    number: int
    title: str
    code: str = ""
    category: str = ""
    body: str = ""
    count: int = 1
    serial: str = ""
    condition: str = "good"
    value_cents: int | None = None
    deposit_cents: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know of a line, in a French sentence."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`lines` can be taken in; of each line in `wrong` something must be mended first; `told` only says."""

    lines: tuple[Line, ...]
    wrong: tuple[Remark, ...]
    told: tuple[Remark, ...]


class _Unfit(Exception):
    """Why a line cannot be taken in, in a French sentence."""


def read_rows(table: Table, mapping: Mapping[str, int]) -> Reading:
    """The lines of a table whose columns stand for what `mapping` says: name of a column to its place."""
    lines: list[Line] = []
    wrong: list[Remark] = []
    told: list[Remark] = []
    codes: dict[str, int] = {}
    for number, cells in table.rows:
        said = {name: cells[place] for name, place in mapping.items() if 0 <= place < len(cells)}
        try:
            line = _line(number, said)
            _check_once(line, codes)
        except _Unfit as reason:
            wrong.append(Remark(number, str(reason)))
            continue
        lines.append(line)
        told += [Remark(number, sentence) for sentence in _told_of(said)]
    return Reading(tuple(lines), tuple(wrong), tuple(told))


def _check_once(line: Line, codes: dict[str, int]) -> None:
    first = codes.setdefault(line.code, line.number) if line.code else line.number
    if first != line.number:
        raise _Unfit(_("Le code {code} est déjà à la ligne {line}.").format(code=line.code, line=first))


def _line(number: int, said: Mapping[str, str]) -> Line:
    title = said.get("title", "")
    if not any(char.isalnum() for char in title):
        raise _Unfit(_("Il manque le nom de l’objet."))
    if len(title) > LONGEST_TITLE:
        raise _Unfit(_("Ce nom est trop long : {most} signes au plus.").format(most=LONGEST_TITLE))
    if fold(said.get("condition", "")).startswith(_GONE):
        raise _Unfit(_("Cet objet n’est plus en service : « {status} ».").format(status=said["condition"]))
    count = _count(said.get("count", ""))
    code = _code(said.get("code", ""))
    serial = said.get("serial", "")[:80]
    if count > 1 and (code or serial):
        raise _Unfit(
            _("Un code ou un numéro de série ne va qu’à un seul exemplaire : une ligne pour chacun.")
        )
    return Line(
        number,
        title,
        code=code,
        category=_category(said.get("category", "")),
        body=said.get("body", "")[:LONGEST_BODY],
        count=count,
        serial=serial,
        condition=_condition(said.get("condition", "")),
        value_cents=_cents(said.get("value", "")),
        deposit_cents=_cents(said.get("deposit", "")) or 0,
        note=said.get("note", "")[:300],
    )


def _count(text: str) -> int:
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MOST_UNITS:
        raise _Unfit(
            _("« {text} » n’est pas un nombre d’exemplaires entre 1 et {most}.").format(
                text=text[:20], most=MOST_UNITS
            )
        )
    return int(text)


def _code(text: str) -> str:
    code = tidied(text)
    if text and not CODE.fullmatch(code):
        raise _Unfit(
            _("« {text} » ne peut pas être un code : 2 à 20 lettres, chiffres ou tirets.").format(
                text=text[:30]
            )
        )
    return code


def _category(text: str) -> str:
    folded = fold(text)
    known = (
        slug for slug, category in CATEGORIES.items() if folded and folded in (slug, fold(category.label))
    )
    return next(known, "")


def _condition(text: str) -> str:
    folded = fold(text)
    if text in CONDITIONS:
        return text
    return next((name for name, words in _CONDITIONS if folded and folded.startswith(words)), "good")


def _cents(text: str) -> int | None:
    if not text:
        return None
    # As an American sheet writes it: 1,250.00.
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text.strip(" $€")) else text
    cents = cents_in(plain)
    if cents is None or "-" in text or cents > MOST_CENTS:
        raise _Unfit(_("« {text} » n’est pas une somme en euros.").format(text=text[:30]))
    return cents


def _told_of(said: Mapping[str, str]) -> Iterator[str]:
    if said.get("category") and not _category(said["category"]):
        yield _("Catégorie « {name} » inconnue : nous en proposons une d’après le nom.").format(
            name=said["category"][:40]
        )
    if said.get("out"):
        yield _("Sorti chez quelqu’un : notez son prêt à la main, ou attendez son retour.")
