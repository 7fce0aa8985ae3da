"""A new neighbour: account, first words, proof of the address."""

from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange.config import Settings
from echange.http import (
    Bound,
    Invalid,
    Rate,
    anyone,
    blank,
    local_path,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    viewer_of,
)
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.members.account import ages, joining
from echange.members.forms import JoinForm
from echange.members.forms_profile import WelcomeForm
from echange.members.models import CONFIRM, MailKey, MemberSkill, Quartier, TooManySkills
from echange.members.pages.door import home_of, let_in, outbox_of, spare_mailbox
from echange.members.passwords import WeakPassword
from echange.members.queries import quartier_choices, skills_of
from echange.members.taxonomy import skill_names
from echange.members.viewing import current_member

# Who offers what a newcomer looks for, and the other way round.
FIRST_NEIGHBOURS: Final = "/bienvenue/savoirs"


async def show_join(request: Request) -> Response:
    if viewer_of(request):
        return RedirectResponse(local_path(request.query_params.get("suite")), 303)
    return _join_page(request, blank(JoinForm, way="password", suite=request.query_params.get("suite", "")))


async def join(request: Request) -> Response:
    bound = await read_form(request, JoinForm)
    form = bound.data
    if form is None:
        return _join_page(request, bound)
    spare_mailbox(request, form.email)
    try:
        newcomer = await joining.join(
            name=form.name,
            email=form.email,
            password=form.password,
            locale=current_locale.get(),
            home=home_of(request),
            minor_until=ages.of_age_on(form.born, _minimum_age(request)),
        )
    except Invalid as refusal:
        return _join_page(request, bound.refuse(refusal))
    except WeakPassword as refusal:
        return _join_page(request, bound.refuse(refusal, at="password"))
    suite = local_path(form.suite)
    return await let_in(request, redirect(request, _welcome_url(suite)), newcomer)


def _join_page(request: Request, bound: Bound[JoinForm]) -> Response:
    context = {
        "form": bound,
        "suite": local_path(bound.values.get("suite")),
        "months": ages.months_under_age(_minimum_age(request)),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/join.html", context)


def _minimum_age(request: Request) -> int:
    settings: Settings = request.app.state.settings
    return settings.minimum_age


def _welcome_url(suite: str) -> str:
    return "/bienvenue" if suite == "/" else f"/bienvenue?suite={quote(suite)}"


async def show_welcome(request: Request) -> Response:
    newcomer = await current_member(request)
    lines = await skills_of(newcomer.id)
    await newcomer.fetch_related("quartier")
    bound = blank(
        WelcomeForm,
        quartier=newcomer.quartier.slug if newcomer.quartier else "",
        offers=[line.name for line in lines if not line.wanted],
        wants=[line.name for line in lines if line.wanted],
        suite=request.query_params.get("suite", ""),
    )
    return render(request, "members/welcome.html", await _welcome_context(request, bound))


async def welcome(request: Request) -> Response:
    newcomer = await current_member(request)
    bound = await read_form(request, WelcomeForm)
    if bound.data is None:
        return refused_form(request, "members/welcome.html", await _welcome_context(request, bound))
    quartier = await Quartier.get_or_none(slug=bound.data.quartier)
    if quartier:
        newcomer.quartier_id = quartier.id
        await newcomer.save(update_fields=["quartier_id"])
    for field, names in (("offers", bound.data.offers), ("wants", bound.data.wants)):
        try:
            for name in names:
                await MemberSkill.add(newcomer, name, wanted=field == "wants")
        except TooManySkills as refusal:
            context = await _welcome_context(request, bound.refuse(refusal, at=field))
            return refused_form(request, "members/welcome.html", context)
    suite = local_path(bound.data.suite)
    said = bound.data.offers or bound.data.wants
    # Who came to publish something goes on with it first.
    onwards = FIRST_NEIGHBOURS if said and suite == "/" else suite
    return redirect(request, onwards, say=_("Vous voilà chez vous. Bienvenue !"))


async def _welcome_context(request: Request, bound: Bound[WelcomeForm]) -> dict[str, Any]:
    return {
        "form": bound,
        "suite": local_path(bound.values.get("suite")),
        "quartiers": await quartier_choices(),
        "skill_names": skill_names(),
        "outbox": outbox_of(request),
    }


async def ask_again(request: Request) -> Response:
    newcomer = await current_member(request)
    if newcomer.confirmed_at is None:
        spare_mailbox(request, newcomer.email)
        await joining.ask_confirmation(newcomer, home_of(request))
    return redirect(request, "/moi", say=_("Un mail vient de partir. Ouvrez-le, puis suivez son lien."))


async def show_confirmation(request: Request) -> Response:
    await MailKey.find(request.path_params["key"], CONFIRM)
    return render(request, "members/confirm.html", headers={"cache-control": "no-store"})


async def confirm(request: Request) -> Response:
    await joining.confirm(request.path_params["key"])
    next_url = "/" if viewer_of(request) else "/connexion"
    return redirect(request, next_url, say=_("Merci, votre adresse est confirmée."))


routes = [
    page("/inscription", show_join, who=anyone),
    page("/inscription", join, who=anyone, methods=("POST",), limit=Rate("join", 10, 3600)),
    page("/bienvenue", show_welcome, who=member),
    page("/bienvenue", welcome, who=member, methods=("POST",)),
    page("/moi/confirmation", ask_again, who=member, methods=("POST",), limit=Rate("ask again", 5, 3600)),
    page("/confirmation/{key:word}", show_confirmation, who=anyone),
    page("/confirmation/{key:word}", confirm, who=anyone, methods=("POST",), limit=Rate("confirm", 30, 3600)),
]
