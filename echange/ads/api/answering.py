"""Answers and promises in JSON, over the same verbs as the pages."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.ads import calendar, turns
from echange.ads.forms import AnswerForm
from echange.ads.line import Reply, line_of, replies_to
from echange.ads.loading import visible_ad
from echange.ads.models import Ad, Answer, Reservation
from echange.ads.promise_forms import MeetingIn, ReserveForm
from echange.http import (
    Invalid,
    NotFound,
    Out,
    Rate,
    Viewer,
    api,
    member,
    read_json,
    signed_in,
)
from echange.http import answer as reply
from echange.i18n import gettext as _


class NeighbourOut(Out):
    id: int
    name: str
    handle: str


class AnswerOut(Out):
    id: int
    conversation: int | None


class ReplyOut(Out):
    id: int
    member: NeighbourOut
    at: datetime
    body: str
    when_text: str
    carry: str
    place: int | None
    state: str
    conversation: int | None


class AnswersOut(Out):
    items: list[ReplyOut]
    next: str | None = None


class MeetingOut(Out):
    at: datetime
    where: str
    agreed: bool
    by: int | None


class ReservationOut(Out):
    id: int
    answer: int
    member: NeighbourOut
    at: datetime
    answer_by: datetime | None
    accepted_at: datetime | None
    appointment: MeetingOut | None
    conversation: int | None


class QueueOut(Out):
    fair: bool
    opens_at: datetime | None
    open: bool
    waiting: int
    seal: str
    seed: str | None


async def give_answer(request: Request) -> Response:
    """In a fair queue the conversation is null until a promise is accepted."""
    ad = await visible_ad(request)
    form = await read_json(request, AnswerForm)
    given = await Answer.give(ad, by=signed_in(request), **form.model_dump())
    return reply(AnswerOut(id=given.id, conversation=given.conversation_id), 201)


async def list_answers(request: Request) -> Response:
    """All of them for whoever published it, one's own for others."""
    ad = await visible_ad(request)
    me = signed_in(request)
    only = None if ad.can_be_edited_by(me) else me.id
    return reply(AnswersOut(items=[_reply_out(one) for one in await replies_to(ad, me, only)]))


async def withdraw_answer(request: Request) -> Response:
    await Answer.withdraw(await visible_ad(request), by=signed_in(request))
    return reply(None, 204)


async def reserve(request: Request) -> Response:
    """For the neighbour of an answer, named by it or by themselves."""
    ad = await visible_ad(request)
    form = await read_json(request, ReserveForm)
    if form.answer is None and form.member is None:
        raise Invalid({"answer": [_("Remplissez ce champ.")]})
    promise = await Reservation.promise(
        ad, by=signed_in(request), answer_id=form.answer, member_id=form.member
    )
    return reply(_out(promise), 201)


async def show_reservation(request: Request) -> Response:
    _ad, promise = await _promise(request)
    return reply(_out(promise))


async def end_reservation(request: Request) -> Response:
    """Taken back by whoever published it, given up by the neighbour."""
    _ad, promise = await _promise(request)
    me = signed_in(request)
    await (promise.decline(by=me) if promise.is_for(me) else promise.release(by=me))
    return reply(None, 204)


async def accept(request: Request) -> Response:
    _ad, promise = await _promise(request)
    await promise.accept(by=signed_in(request))
    return reply(_out(promise), 201)


async def decline(request: Request) -> Response:
    _ad, promise = await _promise(request)
    await promise.decline(by=signed_in(request))
    return reply(None, 204)


async def fall_through(request: Request) -> Response:
    _ad, promise = await _promise(request)
    await promise.fall_through(by=signed_in(request))
    return reply(None, 204)


async def propose_meeting(request: Request) -> Response:
    _ad, promise = await _promise(request)
    form = await read_json(request, MeetingIn)
    await promise.meet(by=signed_in(request), at=form.at, where=form.where)
    return reply(_out(promise))


async def agree_meeting(request: Request) -> Response:
    _ad, promise = await _promise(request)
    await promise.agree(by=signed_in(request))
    return reply(_out(promise), 201)


async def meeting_file(request: Request) -> Response:
    ad, promise = await _promise(request)
    if promise.meet_at is None:
        raise NotFound
    return calendar.answer_with(request, ad, promise)


async def show_queue(request: Request) -> Response:
    """Its secret is told by its hash until the annonce is closed."""
    ad = await visible_ad(request)
    return reply(await _queue_out(ad, signed_in(request)))


async def start_queue(request: Request) -> Response:
    """Let the fair queue choose; said again, it opens now."""
    ad = await turns.start_queue(await visible_ad(request), by=signed_in(request))
    return reply(await _queue_out(ad, signed_in(request)), 201)


async def _promise(request: Request) -> tuple[Ad, Reservation]:
    ad = await visible_ad(request)
    return ad, await Reservation.of(ad, signed_in(request))


async def _queue_out(ad: Ad, me: Viewer) -> QueueOut:
    line = await line_of(ad, me)
    return QueueOut(
        fair=line.fair,
        opens_at=line.opens_at,
        open=line.is_open,
        waiting=line.waiting,
        seal=line.seal,
        seed=line.seed or None,
    )


def _reply_out(one: Reply) -> ReplyOut:
    return ReplyOut(
        id=one.id,
        member=NeighbourOut(id=one.member.id, name=one.member.name, handle=one.member.handle),
        at=one.at,
        body=one.note,
        when_text=one.when_text,
        carry=one.carry_value,
        place=one.place or None,
        state=one.state,
        conversation=one.conversation,
    )


def _out(promise: Reservation) -> ReservationOut:
    who = promise.answer.member
    meeting = None
    if promise.meet_at is not None:
        agreed = promise.meet_agreed_at is not None
        meeting = MeetingOut(
            at=promise.meet_at, where=promise.meet_where, agreed=agreed, by=promise.meet_by_id
        )
    return ReservationOut(
        id=promise.id,
        answer=promise.answer_id,
        member=NeighbourOut(id=who.id, name=who.name, handle=who.handle),
        at=promise.at,
        answer_by=promise.answer_by,
        accepted_at=promise.accepted_at,
        appointment=meeting,
        conversation=promise.answer.conversation_id,
    )


_RESERVATION = "/ads/{id:id}/reservation"
# Each of these tells everybody who waits, by mail.
TURNS = Rate("turn", 30, 600)

routes = [
    api("POST", "/ads/{id:id}/answers", give_answer, who=member, summary="Répondre à une annonce",
        body=AnswerForm, answer=AnswerOut, status=201, limit=Rate("answer", 20, 600)),
    api("GET", "/ads/{id:id}/answers", list_answers, who=member,
        summary="Les réponses à une annonce : toutes à son auteur, la sienne à un voisin", answer=AnswersOut),
    api("DELETE", "/ads/{id:id}/answers/mine", withdraw_answer, who=member, summary="Retirer sa réponse",
        status=204),
    api("GET", "/ads/{id:id}/queue", show_queue, who=member, summary="La file d’une annonce",
        answer=QueueOut),
    api("POST", "/ads/{id:id}/queue", start_queue, who=member,
        summary="Laisser choisir la file équitable, ou l’ouvrir maintenant", answer=QueueOut, status=201),
    api("GET", _RESERVATION, show_reservation, who=member, summary="La réservation en cours",
        answer=ReservationOut),
    api("POST", _RESERVATION, reserve, who=member, summary="Réserver pour un voisin", body=ReserveForm,
        answer=ReservationOut, status=201, limit=TURNS),
    api("DELETE", _RESERVATION, end_reservation, who=member, summary="Lever la réservation, ou y renoncer",
        status=204, limit=TURNS),
    api("POST", _RESERVATION + "/acceptance", accept, who=member, summary="Dire oui", answer=ReservationOut,
        status=201),
    api("POST", _RESERVATION + "/decline", decline, who=member, summary="Laisser son tour", status=204),
    api("POST", _RESERVATION + "/fall_through", fall_through, who=member,
        summary="La personne n’est pas venue", status=204, limit=TURNS),
    api("PUT", _RESERVATION + "/appointment", propose_meeting, who=member, summary="Proposer un rendez-vous",
        body=MeetingIn, answer=ReservationOut, limit=Rate("meeting", 30, 3600)),
    api("POST", _RESERVATION + "/appointment/agreement", agree_meeting, who=member,
        summary="Accepter le rendez-vous", answer=ReservationOut, status=201),
    api("GET", _RESERVATION + "/appointment.ics", meeting_file, who=member,
        summary="Le rendez-vous, en iCalendar"),
]  # fmt: skip
