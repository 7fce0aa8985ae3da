"""Rotas in JSON, over the same verbs as the pages."""

from datetime import date, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Invalid,
    NotFound,
    Out,
    Rate,
    Viewer,
    anyone,
    api,
    member,
    read_json,
    signed_in,
    viewer_of,
)
from echange.http import answer as reply
from echange.http.dates import today
from echange.http.forms import validate
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import RotaSlot, Shift
from echange.mutual_aid.rota_forms import AnswerForm, CancelForm, EndForm, MemberForm, ShiftsQuery, SlotForm
from echange.mutual_aid.rota_loading import run_help, run_slot, visible_shift
from echange.mutual_aid.rota_showing import LONGEST, ShiftLine, horizon, line_of, lines_of, mine_of

SIGNING_UP: Final = Rate("shift", 60, 600)


class SlotOut(Out):
    """`weekday` 0 is Monday; `starts` on the town's clock."""

    id: int
    weekday: int
    starts: str
    minutes: int
    people: int
    role: str
    first_day: date
    last_day: date | None
    skipped: list[date]


class SlotPage(Out):
    items: list[SlotOut]
    next: str | None


class PersonOut(Out):
    """How: coming, swapping, waiting."""

    id: int
    name: str
    how: str


class ShiftOut(Out):
    """State: free, partly, full, over, cancelled; `mine`: coming, swapping, waiting or nothing.

    `names` are told to those who come to this rota and to who runs it.
    """

    id: int
    help: int
    slot: int
    title: str
    day: date
    start: datetime
    end: datetime
    people: int
    taken: int
    waiting: int
    swaps: int
    role: str
    state: str
    mine: str | None
    cancelled_for: str
    names: list[PersonOut]


class ShiftPage(Out):
    items: list[ShiftOut]
    next: str | None


class SwapOut(Out):
    """`replaced`: somebody who waited comes instead already."""

    shift: ShiftOut
    replaced: bool


async def list_slots(request: Request) -> Response:
    """Its weekly slots that go on; `skipped` are days to come on which its hour does not exist."""
    aid = await visible_help(request)
    slots = await RotaSlot.filter(help_id=aid.id, ended_at=None).order_by("weekday", "starts", "id")
    return reply(SlotPage(items=[_slot(slot) for slot in slots], next=None))


async def add_slot(request: Request) -> Response:
    """With its shifts for five weeks. The same again is the same one."""
    aid = await run_help(request)
    form = await read_json(request, SlotForm)
    return reply(_slot(await RotaSlot.add(aid, form.terms(), by=signed_in(request))), 201)


async def change_slot(request: Request) -> Response:
    """Where shifts to come have people, `coming` says whether to keep or to cancel them, for a `reason`."""
    slot, _aid = await run_slot(request)
    form = await read_json(request, SlotForm)
    await slot.change(form.terms(), by=signed_in(request), coming=form.coming, reason=form.reason)
    return reply(_slot(await RotaSlot.get(id=slot.id)))


async def end_slot(request: Request) -> Response:
    """See the change of a slot for `coming` and `reason`."""
    slot, _aid = await run_slot(request)
    form = await read_json(request, EndForm)
    await slot.remove(by=signed_in(request), coming=form.coming, reason=form.reason)
    return reply(None, 204)


async def list_shifts(request: Request) -> Response:
    """Between two days, both included: from today, as far as they are made."""
    aid = await visible_help(request)
    told = {name: value for name, value in request.query_params.items() if name in {"from", "to"} and value}
    query = validate(ShiftsQuery, told)
    since = query.since or today()
    until = query.until or max(since, horizon() + timedelta(weeks=1))
    if since > until or until - since > LONGEST:
        raise Invalid({"to": [Invalid().title]})
    lines = await lines_of(aid, viewer_of(request), since, until)
    return reply(ShiftPage(items=[_shift(line) for line in lines], next=None))


async def my_shifts(request: Request) -> Response:
    """Those to come that one signed up for, waits for, or is asked to."""
    coming, offered = await mine_of(signed_in(request))
    return reply(ShiftPage(items=[_shift(line) for line in (*coming, *offered)], next=None))


async def show_shift(request: Request) -> Response:
    shift, _aid = await visible_shift(request)
    return reply(await _out(shift, viewer_of(request)))


async def sign_up(request: Request) -> Response:
    """Instead of whoever looks for a swap, else for a free place, else on the waiting list."""
    shift, _aid = await visible_shift(request)
    me = signed_in(request)
    await shift.come(by=me)
    return reply(await _out(shift, me), 201)


async def sign_off(request: Request) -> Response:
    """The next in line comes."""
    shift, _aid = await visible_shift(request)
    await shift.leave(by=signed_in(request))
    return reply(None, 204)


async def ask_swap(request: Request) -> Response:
    """The others are asked; one comes unless somebody else does."""
    shift, _aid = await visible_shift(request)
    me = signed_in(request)
    replaced = await shift.ask_swap(by=me)
    return reply(SwapOut(shift=await _out(shift, me), replaced=replaced), 201)


async def keep_place(request: Request) -> Response:
    """One comes after all."""
    shift, _aid = await visible_shift(request)
    await shift.keep(by=signed_in(request))
    return reply(None, 204)


async def cancel_shift(request: Request) -> Response:
    """Whoever comes or waits is told why."""
    shift, _aid = await visible_shift(request)
    form = await read_json(request, CancelForm)
    me = signed_in(request)
    await shift.cancel(by=me, reason=form.reason)
    return reply(await _out(shift, me), 201)


async def restore_shift(request: Request) -> Response:
    shift, _aid = await visible_shift(request)
    await shift.restore(by=signed_in(request))
    return reply(None, 204)


async def offer_shift(request: Request) -> Response:
    """To somebody of the help's group, or who came before."""
    shift, _aid = await visible_shift(request)
    form = await read_json(request, MemberForm)
    me = signed_in(request)
    await shift.offer_to(form.member, by=me)
    return reply(await _out(shift, me), 201)


async def answer_offer(request: Request) -> Response:
    """Yes signs up, as for anybody else."""
    shift, _aid = await visible_shift(request)
    form = await read_json(request, AnswerForm)
    me = signed_in(request)
    await shift.answer(by=me, yes=form.answer == "yes")
    return reply(await _out(shift, me), 201)


async def release(request: Request) -> Response:
    """Who runs the rota takes somebody off it."""
    shift, _aid = await visible_shift(request)
    await shift.release(by=signed_in(request), member_id=request.path_params["member"])
    return reply(None, 204)


def _slot(slot: RotaSlot) -> SlotOut:
    terms = slot.terms
    return SlotOut(
        id=slot.id,
        weekday=slot.weekday,
        starts=f"{terms.hour:%H:%M}",
        minutes=slot.minutes,
        people=slot.people,
        role=slot.role,
        first_day=slot.first_day,
        last_day=slot.last_day,
        skipped=[one for one in terms.days(today()) if terms.begins(one) is None],
    )


async def _out(shift: Shift, viewer: Viewer | None) -> ShiftOut:
    fresh = await Shift.get_or_none(id=shift.id)
    if fresh is None:
        raise NotFound
    return _shift(await line_of(fresh.id, await fresh.help_of(), viewer))


def _shift(line: ShiftLine) -> ShiftOut:
    return ShiftOut(
        id=line.id,
        help=line.help_id,
        slot=line.slot_id,
        title=line.title,
        day=line.day,
        start=line.starts_at,
        end=line.ends_at,
        people=line.people,
        taken=line.taken,
        waiting=line.waiting,
        swaps=line.swaps,
        role=line.role,
        state=line.state,
        mine=line.mine or None,
        cancelled_for=line.cancelled_for,
        names=[PersonOut(id=one.id, name=one.name, how=one.how) for one in line.people_there],
    )


_SHIFT: Final = "/shifts/{id:id}"

routes = [
    api("GET", "/helps/{id:id}/rota", list_slots, who=anyone, summary="Les créneaux d’un planning",
        answer=SlotPage),
    api("POST", "/helps/{id:id}/rota", add_slot, who=member, summary="Ajouter un créneau chaque semaine",
        body=SlotForm, answer=SlotOut, status=201),
    api("PUT", "/rota-slots/{id:id}", change_slot, who=member, summary="Changer un créneau", body=SlotForm,
        answer=SlotOut),
    api("POST", "/rota-slots/{id:id}/closure", end_slot, who=member, summary="Arrêter un créneau",
        body=EndForm, status=204),
    api("GET", "/helps/{id:id}/shifts", list_shifts, who=anyone, summary="Les jours d’un planning",
        query=ShiftsQuery, answer=ShiftPage),
    api("GET", "/me/shifts", my_shifts, who=member, summary="Mes créneaux à venir", answer=ShiftPage),
    api("GET", _SHIFT, show_shift, who=anyone, summary="Un jour d’un planning", answer=ShiftOut),
    api("POST", _SHIFT + "/signup", sign_up, who=member, summary="Venir, ou attendre une place",
        answer=ShiftOut, status=201, limit=SIGNING_UP),
    api("DELETE", _SHIFT + "/signup", sign_off, who=member, summary="Ne plus venir", status=204),
    api("DELETE", _SHIFT + "/signup/{member:id}", release, who=member,
        summary="Retirer quelqu’un d’un créneau", status=204),
    api("POST", _SHIFT + "/swap", ask_swap, who=member, summary="Chercher quelqu’un pour venir à sa place",
        answer=SwapOut, status=201, limit=SIGNING_UP),
    api("DELETE", _SHIFT + "/swap", keep_place, who=member, summary="Venir finalement", status=204),
    api("POST", _SHIFT + "/cancellation", cancel_shift, who=member, summary="Annuler un créneau",
        body=CancelForm, answer=ShiftOut, status=201),
    api("DELETE", _SHIFT + "/cancellation", restore_shift, who=member, summary="Rétablir un créneau annulé",
        status=204),
    api("POST", _SHIFT + "/offers", offer_shift, who=member, summary="Proposer un créneau à quelqu’un",
        body=MemberForm, answer=ShiftOut, status=201),
    api("POST", _SHIFT + "/offers/answer", answer_offer, who=member, summary="Répondre à un créneau proposé",
        body=AnswerForm, answer=ShiftOut, status=201),
]  # fmt: skip
