"""Take a list of equipment in: first what would be made of it, then in one transaction the thing itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from echange.database import execute, fetch, in_transaction
from echange.http import Refusal, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending.import_rows import Line, Reading, Remark, read_rows
from echange.lending.models import Item, Lender, LendingImport, Unit
from echange.lending.models.item import MOST_UNITS
from echange.lending.refusals import CodeTaken
from echange.members import fold


class LinesWrong(Refusal):
    code = "lines_wrong"
    sentence = mark(
        "Des lignes sont à corriger. Corrigez-les dans votre tableau, ou prenez seulement les autres."
    )


class NothingToTakeIn(Refusal):
    code = "nothing_to_take_in"
    sentence = mark("Rien de nouveau dans ce tableau : tout y est déjà, ou est à corriger.")


@dataclass(slots=True)
class Group:
    """An item that would be made, or that gets more pieces when it is `known`."""

    title: str
    known: Item | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be made; lines that are `there` already; what is wrong and what is to know, by line."""

    groups: tuple[Group, ...]
    there: tuple[Line, ...]
    wrong: tuple[Remark, ...]
    told: tuple[Remark, ...]

    @property
    def units(self) -> int:
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many items were made, and how many pieces in all."""

    items: int
    units: int


async def plan(listed: LendingImport) -> Plan:
    """What a list would make, as things are now; nothing is written."""
    return await _planned(listed, read_rows(listed.table, listed.mapping))


async def take_in(
    listed: LendingImport, *, by: Viewer, good_only: bool = False, publish: bool = True
) -> Taken:
    """Make it so, all or nothing. Said twice, the second finds everything there.

    Raises LinesWrong unless `good_only`, NothingToTakeIn, CodeTaken by somebody just now, and what
    `Item.make` raises.
    """
    async with in_transaction():
        # One list of a lender after the other: each sees what the one before has made.
        lender = await Lender.filter(id=listed.lender_id).select_for_update(no_key=True).get()
        found = await plan(listed)
        if found.wrong and not good_only:
            raise LinesWrong
        if not found.groups:
            raise NothingToTakeIn
        pieces = [await _make(group, lender, by, publish) for group in found.groups]
        await _mark([piece for some in pieces for piece in some])
        await LendingImport.filter(id=listed.id).update(done_at=now())
        return Taken(sum(group.known is None for group in found.groups), found.units)


async def _planned(listed: LendingImport, reading: Reading) -> Plan:
    known = {fold(item.title): item for item in await Item.filter(lender_id=listed.lender_id, kind="thing")}
    codes, pieces = await _codes(reading.lines), await _pieces(listed.lender_id)
    groups: dict[str, Group] = {}
    there: list[Line] = []
    wrong = list(reading.wrong)
    for line in reading.lines:
        title = fold(line.title)
        if codes.get(line.code, listed.lender_id) != listed.lender_id:
            taken = _("Le code {code} est déjà celui d’un autre prêteur.").format(code=line.code)
            wrong.append(Remark(line.number, taken))
        elif line.code in codes or _is_there(line, title, pieces):
            there.append(line)
        else:
            group = groups.setdefault(title, Group(line.title, known.get(title)))
            if group.count + line.count + len(pieces.get(title, ())) > MOST_UNITS:
                many = _("Pas plus de {most} exemplaires d’un même objet.").format(most=MOST_UNITS)
                wrong.append(Remark(line.number, many))
            else:
                group.lines.append(line)
    return Plan(
        tuple(group for group in groups.values() if group.lines),
        tuple(there),
        tuple(sorted(wrong, key=lambda one: one.number)),
        reading.told,
    )


async def _codes(lines: Sequence[Line]) -> dict[str, int]:
    """Codes of these lines that somebody has: whose they are."""
    rows = await fetch(
        "SELECT u.code, i.lender_id FROM unit u JOIN item i ON i.id = u.item_id WHERE u.code = ANY($1)",
        [line.code for line in lines if line.code],
    )
    return {row["code"]: row["lender_id"] for row in rows}


async def _pieces(lender_id: int) -> dict[str, list[str]]:
    """Serial numbers of all pieces of a lender, by folded title."""
    rows = await fetch(
        """SELECT i.title, u.serial FROM unit u JOIN item i ON i.id = u.item_id
           WHERE i.lender_id = $1 AND i.kind = 'thing'""",
        lender_id,
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(fold(row["title"]), []).append(row["serial"])
    return found


def _is_there(line: Line, title: str, pieces: dict[str, list[str]]) -> bool:
    """Whether a line without a code names pieces one has: by serial number, else by the name alone."""
    if line.code or title not in pieces:
        return False
    return line.serial in pieces[title] if line.serial else True


async def _make(group: Group, lender: Lender, by: Viewer, publish: bool) -> list[tuple[Unit, Line]]:
    """Its new pieces, each with its line."""
    first = group.lines[0]
    if group.known is None:
        item = await Item.make(
            lender,
            by=by,
            title=group.title,
            units=group.count,
            publish=publish,
            category=first.category,
            body=next((line.body for line in group.lines if line.body), ""),
            value_cents=first.value_cents,
            deposit_cents=first.deposit_cents,
        )
        units = await Unit.filter(item_id=item.id).order_by("id")
    else:
        units = await Unit.add(group.known, group.count, by=by)
    lines = [line for line in group.lines for _n in range(line.count)]
    return list(zip(units, lines, strict=True))


async def _mark(pieces: Sequence[tuple[Unit, Line]]) -> None:
    """Give the pieces what their lines say of them. Of the codes with which all were born, those that no line
    says are left for the pieces whose lines say none.
    """
    said = {line.code for _unit, line in pieces}
    left = iter([unit.code for unit, _line in pieces if unit.code not in said])
    # What a line says may be the code with which another piece was born.
    ids = [unit.id for unit, _line in pieces]
    await execute("UPDATE unit SET code = '0-' || id || '-0' WHERE id = ANY($1::int[])", ids)
    with kept({"unit_code_once": CodeTaken}):
        for unit, line in pieces:
            unit.serial, unit.condition, unit.note = line.serial, line.condition, line.note
            unit.code = line.code or next(left)
            await unit.save(update_fields=["serial", "condition", "note", "code"])
