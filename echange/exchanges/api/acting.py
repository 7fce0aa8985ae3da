"""What one does in an exchange: each call answers with how it then stands."""

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges.api.telling import ExchangeOut, told
from echange.exchanges.forms import (
    ArbitrationForm,
    ConfirmationForm,
    FigureForm,
    ReasonForm,
    ThanksForm,
    WordsForm,
)
from echange.exchanges.loading import visible_exchange
from echange.exchanges.models import Thanks
from echange.http import Rate, api, member, moderator, read_json, signed_in


async def accept(request: Request) -> Response:
    it, me = await visible_exchange(request), signed_in(request)
    await it.accept(by=me)
    return await told(it, me)


async def decline(request: Request) -> Response:
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, WordsForm)
    await it.decline(by=me, words=form.reason)
    return await told(it, me)


async def start(request: Request) -> Response:
    """Nobody has to: a time may be declared at once."""
    it, me = await visible_exchange(request), signed_in(request)
    await it.start(by=me)
    return await told(it, me)


async def declare(request: Request) -> Response:
    """How long it took, 0 when it was offered."""
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, FigureForm)
    await it.declare(by=me, minutes=form.minutes)
    return await told(it, me)


async def take_back(request: Request) -> Response:
    """One's own figure, before it is answered."""
    it, me = await visible_exchange(request), signed_in(request)
    await it.take_back(by=me)
    return await told(it, me)


async def confirm(request: Request) -> Response:
    """The hours move. With other minutes than those declared: one's own figure, for the other to answer."""
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, ConfirmationForm)
    await it.confirm(by=me, minutes=form.minutes)
    return await told(it, me)


async def dispute(request: Request) -> Response:
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, ReasonForm)
    await it.dispute(by=me, reason=form.reason)
    return await told(it, me)


async def arbitrate(request: Request) -> Response:
    """By a moderator without any part in it; both are told, with the reason."""
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, ArbitrationForm)
    await it.arbitrate(by=me, minutes=form.minutes, reason=form.reason)
    return await told(it, me)


async def cancel(request: Request) -> Response:
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, WordsForm)
    await it.cancel(by=me, words=form.reason)
    return await told(it, me)


async def thank(request: Request) -> Response:
    it, me = await visible_exchange(request), signed_in(request)
    form = await read_json(request, ThanksForm)
    await Thanks.give(it, by=me, words=form.text)
    return await told(it, me, 201)


_ONE = "/exchanges/{id:id}"
# Each of these tells the other one, by mail too.
ACTS = Rate("exchange", 60, 600)

routes = [
    api("POST", _ONE + "/acceptance", accept, who=member, summary="Dire oui", answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/decline", decline, who=member, summary="Dire non", body=WordsForm,
        answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/start", start, who=member, summary="C’est commencé", answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/declaration", declare, who=member, summary="C’est fait : combien de temps",
        body=FigureForm, answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/retraction", take_back, who=member, summary="Reprendre son chiffre",
        answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/confirmation", confirm, who=member,
        summary="Confirmer le temps de l’autre, ou donner un autre chiffre", body=ConfirmationForm,
        answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/dispute", dispute, who=member, summary="Demander à la modération de trancher",
        body=ReasonForm, answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/arbitration", arbitrate, who=moderator, summary="Trancher un désaccord",
        body=ArbitrationForm, answer=ExchangeOut),
    api("POST", _ONE + "/cancellation", cancel, who=member, summary="Annuler, avant qu’un temps soit noté",
        body=WordsForm, answer=ExchangeOut, limit=ACTS),
    api("POST", _ONE + "/thanks", thank, who=member, summary="Dire merci", body=ThanksForm,
        answer=ExchangeOut, status=201, limit=ACTS),
]  # fmt: skip
