"""At the desk: people without an e-mail address, what to tell them, how they leave; and mandates."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.config import Settings
from echange.http import (
    Bound,
    GuardedRoute,
    Invalid,
    NotFound,
    Refusal,
    blank,
    concierge,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.members.account import ages, without_mail
from echange.members.account.without_mail import Card, kept
from echange.members.desk import account_of
from echange.members.forms_desk import CardForm
from echange.members.mandates.forms import DeskMandateForm
from echange.members.mandates.words import consent_choices, day_choices, scope_choices
from echange.members.models import Mandate, Member
from echange.members.pages.door import home_of
from echange.members.queries import quartier_choices, skills_of
from echange.members.taxonomy import skill_names
from echange.notifications.models import Notice

URL: Final = "/administration/membres/{id:id}"


async def new_card(request: Request) -> Response:
    """GET /administration/membres/nouveau?nom=."""
    name = request.query_params.get("nom", "")[:60]
    return await _card_page(request, blank(CardForm, name=name), None)


async def settle(request: Request) -> Response:
    """POST /administration/membres/nouveau."""
    bound = await read_form(request, CardForm)
    if bound.data is None:
        return await _card_page(request, bound, None)
    try:
        minor_until = ages.of_age_on(bound.data.born, minimum_age(request))
        person = await without_mail.settle(
            await card_of(bound.data), by=signed_in(request), minor_until=minor_until
        )
    except Refusal as refusal:
        return await _card_page(request, bound.refuse(refusal), None)
    say = _("{name} est membre. Il reste à faire son mandat, si vous agissez pour cette personne.")
    return redirect(request, f"/administration/membres/{person.id}", say=say.format(name=person.name))


async def card_of(form: CardForm) -> Card:
    """What the desk has written, with its quartier."""
    return Card(form.name, await form.home(), form.phone, form.offers, form.wants)


async def show_card(request: Request) -> Response:
    """GET /administration/membres/{id}/fiche."""
    person = await kept(request.path_params["id"])
    await person.fetch_related("quartier")
    lines = await skills_of(person.id)
    bound = blank(
        CardForm,
        name=person.name,
        quartier=person.quartier.slug if person.quartier else "",
        phone=person.phone,
        offers=[line.name for line in lines if not line.wanted],
        wants=[line.name for line in lines if line.wanted],
    )
    return await _card_page(request, bound, person)


async def describe(request: Request) -> Response:
    """POST /administration/membres/{id}/fiche."""
    person = await kept(request.path_params["id"])
    bound = await read_form(request, CardForm)
    if bound.data is None:
        return await _card_page(request, bound, person)
    try:
        await without_mail.describe(person.id, await card_of(bound.data), by=signed_in(request))
    except Refusal as refusal:
        return await _card_page(request, bound.refuse(refusal), person)
    return redirect(request, _url(person.id), say=_("La fiche est à jour."))


async def _card_page(request: Request, bound: Bound[CardForm], person: Member | None) -> Response:
    for side in ("offers", "wants"):
        lines = bound.values.get(side) or []
        bound.values[side] = "\n".join(lines) if isinstance(lines, list) else lines
    context = {
        "form": bound,
        "person": {"id": person.id, "name": person.name, "url": _url(person.id)} if person else None,
        "quartiers": await quartier_choices(),
        "skill_names": skill_names(),
        "months": ages.months_under_age(minimum_age(request)),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/mandate_card.html", context)


async def list_to_call(request: Request) -> Response:
    """GET /administration/a-dire: whom to call."""
    return render(request, "members/mandate_calls.html", {"people": await without_mail.people_to_call()})


async def told(request: Request) -> Response:
    """POST /administration/membres/{id}/avis/{notice}: it was said by phone or at the desk."""
    person = await kept(request.path_params["id"])
    if await Notice.read(person.id, request.path_params["notice"]) is None:
        raise NotFound
    return redirect(request, f"{_url(person.id)}#a-dire", say=_("C’est noté : c’est dit."))


async def ask_to_see_off(request: Request) -> Response:
    """GET /administration/membres/{id}/depart."""
    person = await kept(request.path_params["id"])
    sentences = [sentence for room in request.app.state.belongings for sentence in await room.told(person.id)]
    context = {"name": person.name, "url": _url(person.id), "sentences": sentences}
    return render(request, "members/mandate_leave.html", context)


async def see_off(request: Request) -> Response:
    """POST /administration/membres/{id}/depart."""
    person_id: int = request.path_params["id"]
    await without_mail.see_off(person_id, by=signed_in(request), home=home_of(request))
    say = _("C’est noté : dans quatorze jours, tout sera effacé. D’ici là, rien n’est perdu.")
    return redirect(request, _url(person_id), say=say)


async def keep_after_all(request: Request) -> Response:
    """POST /administration/membres/{id}/depart/annulation."""
    person_id: int = request.path_params["id"]
    await without_mail.keep_after_all(person_id, by=signed_in(request))
    return redirect(request, _url(person_id), say=_("La personne reste."))


async def new_mandate(request: Request) -> Response:
    """GET /administration/membres/{id}/mandat."""
    return await _mandate_page(request, blank(DeskMandateForm, days="182", scopes=["help"], consent="signed"))


async def sign(request: Request) -> Response:
    """POST /administration/membres/{id}/mandat."""
    bound = await read_form(request, DeskMandateForm)
    form = bound.data
    if form is None:
        return await _mandate_page(request, bound)
    account = await account_of(request.path_params["id"])
    try:
        mandate = await Mandate.sign(
            account.id, await _helper(form.helper), form.terms, consent=form.consent, by=signed_in(request)
        )
    except Refusal as refusal:
        return await _mandate_page(request, bound.refuse(refusal))
    return redirect(request, mandate.url, say=_("Le mandat commence maintenant. Imprimez-le pour le signer."))


async def _helper(handle: str | None) -> int | None:
    return None if handle is None else check_helper(await Member.get_or_none(handle=handle))


def check_helper(helper: Member | None) -> int:
    """The id of somebody who can help: they sign in themselves. Raises Invalid."""
    if helper is None or helper.kept_by_desk or helper.confirmed_at is None:
        raise Invalid({"helper": [_("Personne ne porte ce pseudo ici.")]})
    return helper.id


async def _mandate_page(request: Request, bound: Bound[DeskMandateForm]) -> Response:
    account = await account_of(request.path_params["id"])
    context: dict[str, Any] = {
        "form": bound,
        "person": {"id": account.id, "name": account.name, "url": account.url},
        "is_me": account.id == signed_in(request).id,
        "days": day_choices(),
        "scopes": scope_choices(),
        "consents": consent_choices(),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/mandate_sign.html", context)


def _url(member_id: int) -> str:
    return f"/administration/membres/{member_id}"


def minimum_age(request: Request) -> int:
    """The age to join, in years."""
    settings: Settings = request.app.state.settings
    return settings.minimum_age


routes: Final[list[GuardedRoute]] = [
    page("/administration/membres/nouveau", new_card, who=concierge),
    page("/administration/membres/nouveau", settle, who=concierge, methods=("POST",)),
    page("/administration/a-dire", list_to_call, who=concierge),
    page(f"{URL}/fiche", show_card, who=concierge),
    page(f"{URL}/fiche", describe, who=concierge, methods=("POST",)),
    page(f"{URL}/avis/{{notice:id}}", told, who=concierge, methods=("POST",)),
    page(f"{URL}/depart", ask_to_see_off, who=concierge),
    page(f"{URL}/depart", see_off, who=concierge, methods=("POST",)),
    page(f"{URL}/depart/annulation", keep_after_all, who=concierge, methods=("POST",)),
    page(f"{URL}/mandat", new_mandate, who=concierge),
    page(f"{URL}/mandat", sign, who=concierge, methods=("POST",)),
]
