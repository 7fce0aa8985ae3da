"""The day’s sheet for a device without network: what handing out and taking back needs, and nothing more."""

from pydantic import AwareDatetime

from echange.http import Out
from echange.http.dates import now, today
from echange.lending.desk import SHELVES, DeskLine, day_sheet
from echange.lending.models.device import DeskDevice
from echange.lending.models.lender import Lender
from echange.lending.models.parts import Accessory


class SheetUnit(Out):
    """`accessories` go with it and must come back."""

    code: str
    accessories: list[str]


class SheetLoan(Out):
    """`shelf`: late, out, in or prepare. `who`: first name and initial, or an association."""

    id: int
    shelf: str
    state: str
    who: str
    title: str
    at: AwareDatetime
    units: list[SheetUnit]


class Sheet(Out):
    """`now` sets the device's clock right; it is all gone at `until`."""

    device: int
    lender: str
    day: str
    now: AwareDatetime
    until: AwareDatetime
    loans: list[SheetLoan]


async def sheet_of(device: DeskDevice) -> Sheet:
    """Today's, at the desk of its lender."""
    day = await day_sheet([device.lender_id], today())
    lines = [line for shelf in SHELVES for line in day.lines[shelf]]
    items = {piece.item_id for line in lines for piece in line.pieces}
    kept: dict[int, list[str]] = {}
    for one in await Accessory.filter(item_id__in=list(items)).order_by("position", "id"):
        kept.setdefault(one.item_id, []).append(one.name)
    return Sheet(
        device=device.id,
        lender=await _name_of(device),
        day=day.day.isoformat(),
        now=now(),
        until=device.ends_at,
        loans=[_told(line, kept) for line in lines],
    )


async def _name_of(device: DeskDevice) -> str:
    owner = await Lender.get(id=device.lender_id).select_related("member", "organisation", "place")
    named = owner.organisation or owner.place or owner.member
    return named.name if named else ""


def _told(line: DeskLine, kept: dict[int, list[str]]) -> SheetLoan:
    wanted = "out" if line.it.state == "out" else "booked"
    return SheetLoan(
        id=line.it.id,
        shelf=line.shelf,
        state=line.it.state,
        who=line.who,
        title=line.title,
        at=line.at,
        units=[
            SheetUnit(code=piece.code, accessories=kept.get(piece.item_id, []))
            for piece in line.pieces
            if piece.kind == wanted
        ],
    )
