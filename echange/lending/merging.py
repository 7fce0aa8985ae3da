"""What was done at a desk without network is done here too: in order, each once, nothing lost silently."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from echange.database import in_transaction
from echange.database.again import again
from echange.http import Form, Id, Line, NotFound, Refusal, Text, Viewer
from echange.http.dates import now
from echange.http.forms import parse_json
from echange.http.refusals import KeyReused
from echange.i18n import gettext as _
from echange.lending.conditions import Look
from echange.lending.device_refusals import BadSignature, DeviceEnded
from echange.lending.handing import hand_over
from echange.lending.kinds import Condition
from echange.lending.loan_forms import OurInstant
from echange.lending.loan_loading import SHOWN
from echange.lending.managing import check_manages
from echange.lending.models.device import DeskAct, DeskDevice
from echange.lending.models.loan import Loan
from echange.lending.pieces import units_called
from echange.lending.returning import take_back
from echange.lending.seeing import managed_by
from echange.lending.signatures import is_signed

MOST_UNITS: Final = 100
# How wrong the clock of a device may be after it was set right by ours.
CLOCKS: Final = timedelta(minutes=5)
Code = Annotated[Line, Field(min_length=1, max_length=40)]
Missing = Annotated[list[Annotated[Line, Field(min_length=1, max_length=80)]], Field(max_length=30)]


class ActIn(Form):
    """What a device signs: an act at the desk, at its time by our clock. Units by their codes."""

    client_id: Annotated[Line, Field(min_length=8, max_length=64)]
    act: Literal["handover", "return"]
    loan: Id
    units: Annotated[list[Code], Field(min_length=1, max_length=MOST_UNITS)]
    conditions: dict[Code, Condition] = Field(default_factory=dict, max_length=MOST_UNITS)
    missing: dict[Code, Missing] = Field(default_factory=dict, max_length=MOST_UNITS)
    words: Annotated[Text, Field(max_length=500)] = ""
    at: OurInstant


async def merge(device: DeskDevice, content: str, signature: bytes, *, by: Viewer) -> DeskAct:
    """Do what was done on the device; what stands against it is kept as a conflict, for a person to settle.

    Sent again, it answers as the first time. Raises BadSignature, Invalid, DeviceEnded (done after its end),
    KeyReused, NotFound for a loan that is not its lender's, NotAllowed.
    """
    if not is_signed(content.encode(), signature, device.public_key):
        raise BadSignature
    said = parse_json(content.encode(), ActIn)
    await check_manages(by, device.lender)
    if (known := await _known(device, said, content)) is not None:
        return known
    at = _moment(said, device)
    return await _merged(device, said, content, signature, at, by)


@again
async def settle(act: DeskAct, *, by: Viewer, apply: bool) -> None:
    """Do after all what is in conflict, as of now, or drop it; said twice, it counts once.

    Raises what still stands against it.
    """
    async with in_transaction():
        it = await DeskAct.filter(id=act.id).select_for_update(no_key=True).get()
        if it.outcome != "conflict":
            return
        if apply:
            said = parse_json(it.content.encode(), ActIn)
            await _do(said, await _loan(said, by), by, at=None)
        await DeskAct.filter(id=it.id).update(
            outcome="merged" if apply else "dropped", settled_at=now(), settled_by_id=by.id
        )


def conflicts_for(viewer: Viewer) -> QuerySet[DeskAct]:
    """Those that wait for a person, at the desks of whom one manages; the oldest first."""
    waiting = DeskAct.filter(managed_by(viewer, "device__lender__"), Q(outcome="conflict"))
    return waiting.order_by("id").select_related("device__lender", "device__member", "loan__item")


async def _known(device: DeskDevice, said: ActIn, content: str) -> DeskAct | None:
    known = await DeskAct.get_or_none(device_id=device.id, client_id=said.client_id)
    if known is not None and known.content != content:
        raise KeyReused
    return known


def _moment(said: ActIn, device: DeskDevice) -> datetime:
    """When it was done, as far as that can be; after the device's end it counts no more."""
    at = said.at
    ended = device.ended
    if ended is not None and at > ended + CLOCKS:
        raise DeviceEnded
    return max(min(at, now()), device.at)


@again
async def _merged(
    device: DeskDevice, said: ActIn, content: str, signature: bytes, at: datetime, by: Viewer
) -> DeskAct:
    async with in_transaction():
        # One act of a device after the other.
        await DeskDevice.filter(id=device.id).select_for_update(no_key=True).get()
        if (known := await _known(device, said, content)) is not None:
            return known
        loan = await _loan(said, by)
        if loan.lender_id != device.lender_id:
            raise NotFound
        conflict = ""
        try:
            async with in_transaction():
                await _do(said, loan, by, at=at)
        except Refusal as refusal:
            conflict = refusal.code
        return await DeskAct.create(
            device_id=device.id,
            client_id=said.client_id,
            content=content,
            signature=signature,
            done_at=at,
            outcome="conflict" if conflict else "merged",
            conflict=conflict,
            loan_id=loan.id,
        )


async def _loan(said: ActIn, by: Viewer) -> Loan:
    loan = await Loan.visible_to(by).filter(id=said.loan).select_related(*SHOWN).first()
    if loan is None:
        raise NotFound
    return loan


async def _do(said: ActIn, loan: Loan, by: Viewer, *, at: datetime | None) -> None:
    ids = await units_called([*said.units, *said.conditions, *said.missing])
    looks = {
        ids[name]: Look(said.conditions.get(name), said.words, tuple(said.missing.get(name, ())))
        for name in {**said.conditions, **said.missing}
    }
    verb = hand_over if said.act == "handover" else take_back
    words = said.words or _("Noté hors réseau")
    await verb(loan, by=by, units=[ids[one] for one in said.units], looks=looks, at=at, words=words)
