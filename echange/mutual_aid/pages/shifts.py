"""A shift: signing up, going, swapping, calling it off; and all of one's own."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Invalid,
    NotAllowed,
    NotFound,
    Rate,
    Refusal,
    anyone,
    blank,
    member,
    page,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.i18n import gettext as _
from echange.mutual_aid import rota_calendar
from echange.mutual_aid.models import Help, RotaSlot, Shift, ShiftOffer, ShiftSignup
from echange.mutual_aid.rota_forms import AnswerForm, CancelForm, MemberForm, MemberQuery
from echange.mutual_aid.rota_loading import visible_shift
from echange.mutual_aid.rota_queries import may_be_asked
from echange.mutual_aid.rota_seeing import may_run, myself
from echange.mutual_aid.rota_showing import line_of, mine_of

SIGNING_UP: Final = Rate("shift", 60, 600)
ASKING: Final = Rate("shift offer", 60, 3600)


async def show_shift(request: Request) -> Response:
    """GET /entraide/creneaux/31"""
    shift, aid = await visible_shift(request)
    return render(request, "mutual_aid/shift.html", await _page_of(shift, aid, request))


async def come(request: Request) -> Response:
    """POST /entraide/creneaux/31/inscription"""

    async def act(shift: Shift) -> str:
        signup = await shift.come(by=signed_in(request))
        if signup.waiting:
            return _(
                "C’est complet : vous êtes sur la liste d’attente. Si une place se libère, vous êtes prévenu."
            )
        return _("C’est noté : vous venez. Un rappel vous arrivera la veille au soir.")

    return await _act(request, act)


async def leave(request: Request) -> Response:
    """POST /entraide/creneaux/31/desistement"""

    async def act(shift: Shift) -> str:
        await shift.leave(by=signed_in(request))
        return _("C’est noté : vous ne venez plus. Merci d’avoir prévenu.")

    return await _act(request, act, undo="inscription")


async def swap(request: Request) -> Response:
    """POST /entraide/creneaux/31/echange"""

    async def act(shift: Shift) -> str:
        if await shift.ask_swap(by=signed_in(request)):
            return _("Quelqu’un attendait cette place : il vient à la vôtre, vous êtes libre.")
        return _("Les autres sont prévenus. Tant que personne n’a pris votre place, on compte sur vous.")

    return await _act(request, act)


async def keep(request: Request) -> Response:
    """POST /entraide/creneaux/31/maintien"""

    async def act(shift: Shift) -> str:
        await shift.keep(by=signed_in(request))
        return _("C’est noté : vous venez, finalement.")

    return await _act(request, act)


async def restore(request: Request) -> Response:
    """POST /entraide/creneaux/31/retablissement"""

    async def act(shift: Shift) -> str:
        await shift.restore(by=signed_in(request))
        return _("Le créneau a lieu. Ceux qui devaient venir sont prévenus.")

    return await _act(request, act)


async def ask_release(request: Request) -> Response:
    """GET /entraide/creneaux/31/retrait?membre=12"""
    shift, aid = await visible_shift(request)
    viewer, query = signed_in(request), read_query(request, MemberQuery).data
    if not await may_run(aid, viewer):
        raise NotAllowed
    line = await line_of(shift.id, aid, viewer)
    there = next((one for one in line.people_there if query and one.id == query.membre), None)
    if there is None or not line.is_open:
        raise NotFound
    context = {
        "question": _("Retirer {name} de ce créneau ?").format(name=there.name),
        "meaning": _(
            "{day}, {hours}. Cette personne est prévenue, et qui attendait une place la prend aussitôt."
        ).format(day=line.day_said.capitalize(), hours=line.hours),
        "verb": _("Retirer du créneau"),
        "action": f"{shift.url}/retrait",
        "member": there.id,
        "back": shift.url,
    }
    return render(request, "mutual_aid/take_off.html", context)


async def release(request: Request) -> Response:
    """POST /entraide/creneaux/31/retrait"""
    bound = await read_form(request, MemberForm)

    async def act(shift: Shift) -> str:
        if bound.data is None:
            raise NotFound
        await shift.release(by=signed_in(request), member_id=bound.data.member)
        return _("C’est fait : cette personne est prévenue.")

    return await _act(request, act)


async def answer(request: Request) -> Response:
    """POST /entraide/creneaux/31/reponse"""
    bound = await read_form(request, AnswerForm)

    async def act(shift: Shift) -> str:
        if bound.data is None:
            raise NotFound
        if await shift.answer(by=signed_in(request), yes=bound.data.answer == "yes"):
            return _("C’est noté : vous venez. Un rappel vous arrivera la veille au soir.")
        return _("C’est noté : vous ne venez pas. Merci d’avoir répondu.")

    return await _act(request, act)


async def offer(request: Request) -> Response:
    """POST /entraide/creneaux/31/proposition"""
    shift, aid = await visible_shift(request)
    bound = await read_form(request, MemberForm)
    if bound.data is not None:
        try:
            await shift.offer_to(bound.data.member, by=signed_in(request))
        except Refusal as refusal:
            bound = _refused(bound, refusal, at="member")
        else:
            return redirect(request, shift.url, say=_("C’est proposé. Vous serez prévenu de la réponse."))
    context = await _page_of(shift, aid, request) | {"offer_form": bound}
    return refused_form(request, "mutual_aid/shift.html", context)


async def cancel(request: Request) -> Response:
    """POST /entraide/creneaux/31/annulation"""
    shift, aid = await visible_shift(request)
    bound = await read_form(request, CancelForm)
    if bound.data is not None:
        try:
            await shift.cancel(by=signed_in(request), reason=bound.data.reason)
        except Refusal as refusal:
            bound = _refused(bound, refusal, at="reason")
        else:
            said = _("Le créneau est annulé, et chacun prévenu.")
            undo = f"{shift.url}/retablissement" if await _goes_on(shift) else None
            return redirect(request, shift.url, say=said, undo_url=undo)
    context = await _page_of(shift, aid, request) | {"form": bound}
    return refused_form(request, "mutual_aid/shift.html", context)


async def calendar(request: Request) -> Response:
    """GET /entraide/creneaux/31.ics"""
    shift, aid = await visible_shift(request)
    line = await line_of(shift.id, aid, viewer_of(request))
    return rota_calendar.answer_with(request, [line], f"creneau-{shift.id}")


async def my_shifts(request: Request) -> Response:
    """GET /entraide/mes-creneaux"""
    coming, offered = await mine_of(signed_in(request))
    return render(request, "mutual_aid/shifts.html", {"coming": coming, "offered": offered})


async def my_calendar(request: Request) -> Response:
    """GET /entraide/mes-creneaux.ics"""
    coming, _offered = await mine_of(signed_in(request))
    return rota_calendar.answer_with(request, [one for one in coming if not one.cancelled], "mes-creneaux")


async def _act(request: Request, act: Callable[[Shift], Awaitable[str]], undo: str = "") -> Response:
    """Do it, and say so on the page one came from; a rule's no is said there too."""
    shift, aid = await visible_shift(request)
    back = shift.url
    if request.query_params.get("depuis") == "planning":
        back = f"{aid.url}/planning"
    elif request.query_params.get("depuis") == "miens":
        back = "/entraide/mes-creneaux"
    try:
        said = await act(shift)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        context = await _page_of(shift, aid, request) | {"refusal": refusal.title}
        return refused_form(request, "mutual_aid/shift.html", context)
    undo_url = f"{shift.url}/{undo}" if undo else None
    return redirect(request, back, say=said, undo_url=undo_url)


def _refused(bound: Bound[Any], refusal: Refusal, at: str) -> Bound[Any]:
    if refusal.status not in {Refusal.status, Invalid.status}:
        raise refusal
    return bound.refuse(refusal, at=at)


async def _page_of(shift: Shift, aid: Help, request: Request) -> dict[str, Any]:
    viewer = viewer_of(request)
    runs = await may_run(aid, viewer)
    line = await line_of(shift.id, aid, viewer)
    offered = viewer is not None and await ShiftOffer.exists(
        shift_id=shift.id, member_id=myself(viewer), answered_at=None
    )
    going = aid.ended_at is None and aid.hidden_at is None
    return {
        "help": aid,
        "shift": line,
        "runs": runs,
        "restorable": runs and line.cancelled and not line.has_begun and going and await _goes_on(shift),
        "own": aid.person_id == myself(viewer),
        "offered": offered and line.is_open and not line.mine,
        "open": line.is_open and going,
        "choices": list((await may_be_asked(aid, shift.id)).items()) if runs and line.is_open else [],
        "asked": await _asked(shift) if runs else [],
        "form": blank(CancelForm),
        "offer_form": blank(MemberForm),
        "refusal": "",
    }


async def _goes_on(shift: Shift) -> bool:
    """Whether its weekly slot still does: of one that was ended no day comes back."""
    return await RotaSlot.exists(id=shift.slot_id, ended_at=None)


async def _asked(shift: Shift) -> list[tuple[str, bool]]:
    """To whom it is proposed; whether they said no."""
    offers = await ShiftOffer.filter(shift_id=shift.id).select_related("member").order_by("id")
    coming = set(await ShiftSignup.all_of(shift.id))
    return [
        (offer.member.name.split(" ")[0], offer.answered_at is not None)
        for offer in offers
        if offer.member_id not in coming and not offer.member.away
    ]


_SHIFT: Final = "/entraide/creneaux/{id:id}"

routes = [
    page("/entraide/mes-creneaux", my_shifts, who=member),
    page("/entraide/mes-creneaux.ics", my_calendar, who=member),
    page(_SHIFT, show_shift, who=anyone),
    page(_SHIFT + ".ics", calendar, who=anyone),
    page(_SHIFT + "/inscription", come, who=member, methods=("POST",), limit=SIGNING_UP),
    page(_SHIFT + "/desistement", leave, who=member, methods=("POST",), limit=SIGNING_UP),
    page(_SHIFT + "/echange", swap, who=member, methods=("POST",), limit=SIGNING_UP),
    page(_SHIFT + "/maintien", keep, who=member, methods=("POST",), limit=SIGNING_UP),
    page(_SHIFT + "/reponse", answer, who=member, methods=("POST",), limit=SIGNING_UP),
    page(_SHIFT + "/proposition", offer, who=member, methods=("POST",), limit=ASKING),
    page(_SHIFT + "/retrait", ask_release, who=member),
    page(_SHIFT + "/retrait", release, who=member, methods=("POST",)),
    page(_SHIFT + "/annulation", cancel, who=member, methods=("POST",)),
    page(_SHIFT + "/retablissement", restore, who=member, methods=("POST",)),
]
