"""Proposing a moment to meet, answering it, and taking it into one's calendar, as pages."""

from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox, slots
from echange.chat.asking import conversation_in, hat_of
from echange.chat.forms import ClientId
from echange.chat.identifiers import client_id
from echange.chat.live import SENDING
from echange.chat.newcomers import TooManyLinks
from echange.chat.refusals import HatChanged, SenderAway, SentOtherwise
from echange.chat.replying import NothingToAnswer
from echange.chat.slots import OwnSlot, Slot, SlotOver
from echange.http import (
    Bound,
    Form,
    Invalid,
    Line,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.dates import today
from echange.http.icalendar import Appointment, calendar_file
from echange.http.moments import Day, Hour, NoSuchTime, instant_of
from echange.i18n import gettext as _
from echange.members import Unreachable

KIND: Final = (SentOtherwise, HatChanged, SenderAway, TooManyLinks, Unreachable)


class SlotForm(Form):
    """A day, two hours of it on the town's clock, and a place if there is one; under which hat (`pour`)."""

    client_id: ClientId
    jour: Day
    debut: Hour
    fin: Hour
    lieu: Line = Field(default="", max_length=200)
    pour: int | None = Field(default=None, ge=0, le=2_147_483_647)


class SlotAnswerForm(Form):
    """« oui », or another day."""

    reponse: str = Field(pattern="^(oui|autre)$")
    client_id: ClientId = Field(default_factory=client_id)


async def show_slot(request: Request) -> Response:
    """GET /messages/{id}/creneau."""
    return render(request, "chat/slot.html", await _page(request, blank(SlotForm)))


async def propose_slot(request: Request) -> Response:
    """POST /messages/{id}/creneau."""
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    bound = await read_form(request, SlotForm)
    if bound.data is None:
        return await _refused(request, bound)
    form = bound.data
    try:
        slot = _slot(form)
        hat = hat_of(viewer, form.pour)
        await slots.propose(conversation.id, slot, by=viewer.id, client_id=form.client_id, hat=hat)
    except Invalid as invalid:
        return await _refused(request, bound.refuse(_named_here(invalid)))
    except KIND as refusal:
        return await _refused(request, bound.refuse(refusal))
    return redirect(request, f"/messages/{conversation.id}")


async def answer_slot(request: Request) -> Response:
    """POST /messages/{id}/m/{seq}/creneau."""
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    bound = await read_form(request, SlotAnswerForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    seq: int = request.path_params["seq"]
    here = f"/messages/{conversation.id}"
    try:
        await slots.answer(
            conversation.id,
            seq,
            viewer,
            agreed=bound.data.reponse == "oui",
            client_id=bound.data.client_id,
            hat=hat_of(viewer, None),
        )
    except (*KIND, OwnSlot, SlotOver, NothingToAnswer) as refusal:
        return redirect(request, here, say=refusal.title, kind="warning")
    return redirect(request, here)


async def slot_calendar(request: Request) -> Response:
    """GET /messages/{id}/m/{seq}/creneau.ics"""
    viewer = signed_in(request)
    talk = await inbox.one(request.path_params["id"], viewer.id)
    seq: int = request.path_params["seq"]
    slot, agreed = await slots.found(talk.id, seq, viewer)
    appointment = Appointment(
        key=f"creneau-{talk.id}-{seq}",
        start=slot.start,
        end=slot.end,
        title=_("Rendez-vous : {name}").format(name=talk.title),
        place=slot.place,
        text=_("Rendez-vous pris sur échange."),
        path=talk.url,
        agreed=agreed,
    )
    return calendar_file(request, appointment, f"creneau-{talk.id}-{seq}")


def _slot(form: SlotForm) -> Slot:
    """Raises Invalid."""
    if not slots.is_near(form.jour):
        raise Invalid({"start": [_("Choisissez un jour des deux prochaines années.")]})
    return Slot(_instant(form, "debut"), _instant(form, "fin"), form.lieu)


def _instant(form: SlotForm, name: str) -> datetime:
    try:
        return instant_of(form.jour, getattr(form, name))
    except NoSuchTime as refusal:
        raise Invalid({name: [refusal.title]}) from refusal


def _named_here(invalid: Invalid) -> Invalid:
    names = {"start": "jour", "end": "fin"}
    return Invalid({names.get(name, name): told for name, told in invalid.errors.items()})


async def _refused(request: Request, bound: Bound[Any]) -> Response:
    return refused_form(request, "chat/slot.html", await _page(request, bound))


async def _page(request: Request, form: Bound[Any]) -> dict[str, Any]:
    viewer = signed_in(request)
    talk = await inbox.one(request.path_params["id"], viewer.id)
    return {
        "talk": talk,
        "form": form,
        "client_id": form.values.get("client_id") or client_id(),
        "hat": hat_of(viewer, None),
        "first_day": today().isoformat(),
        "last_day": (today() + slots.AHEAD - timedelta(days=1)).isoformat(),
    }


routes = [
    page("/messages/{id:id}/creneau", show_slot, who=member),
    page("/messages/{id:id}/creneau", propose_slot, who=member, methods=("POST",), limit=SENDING),
    page("/messages/{id:id}/m/{seq:id}/creneau", answer_slot, who=member, methods=("POST",), limit=SENDING),
    page("/messages/{id:id}/m/{seq:id}/creneau.ics", slot_calendar, who=member),
]
