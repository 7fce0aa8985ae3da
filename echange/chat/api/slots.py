"""Moments to meet in JSON: proposed, and answered."""

from pydantic import Field, StrictBool
from starlette.requests import Request
from starlette.responses import Response

from echange.chat import slots
from echange.chat.api.messages import SentOut
from echange.chat.asking import conversation_in, hat_of
from echange.chat.events import Event
from echange.chat.forms import ClientId, Hat
from echange.chat.live import SENDING
from echange.chat.slots import Slot
from echange.http import Form, Line, answer, api, member, read_json, signed_in
from echange.http.moments import Instant


class SlotIn(Form):
    """From when to when, in RFC 3339 with an offset, and where; `for` as in a message."""

    client_id: ClientId
    start: Instant
    end: Instant
    place: Line = Field(default="", max_length=200)
    hat: Hat = Field(default=None, alias="for")


class SlotAnswerIn(Form):
    """Whether it suits; false: rather another day."""

    client_id: ClientId
    agreed: StrictBool
    hat: Hat = Field(default=None, alias="for")


async def propose_slot(request: Request) -> Response:
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    form = await read_json(request, SlotIn)
    event = await slots.propose(
        conversation.id,
        Slot(form.start, form.end, form.place),
        by=viewer.id,
        client_id=form.client_id,
        hat=hat_of(viewer, form.hat),
    )
    return _sent(event)


async def answer_slot(request: Request) -> Response:
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    form = await read_json(request, SlotAnswerIn)
    event = await slots.answer(
        conversation.id,
        request.path_params["seq"],
        viewer,
        agreed=form.agreed,
        client_id=form.client_id,
        hat=hat_of(viewer, form.hat),
    )
    return _sent(event)


def _sent(event: Event) -> Response:
    return answer(SentOut(conversation=event.conversation, seq=event.seq, at=event.at), 201)


routes = [
    api("POST", "/conversations/{id:id}/slots", propose_slot, who=member,
        summary="Proposer un créneau, par un message", body=SlotIn, answer=SentOut, status=201,
        limit=SENDING),
    api("POST", "/conversations/{id:id}/messages/{seq:id}/answer", answer_slot, who=member,
        summary="Dire si un créneau proposé convient, par un message en réponse", body=SlotAnswerIn,
        answer=SentOut, status=201, limit=SENDING),
]  # fmt: skip
