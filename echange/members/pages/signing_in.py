"""Coming back: signing in and out, and a new password when the old one is forgotten."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange.http import (
    Bound,
    Invalid,
    Rate,
    anyone,
    blank,
    local_path,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    viewer_of,
)
from echange.http.rates import limiter_of
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.live import hub_of
from echange.members.account import links
from echange.members.forms import ForgottenForm, PasswordForm, SignInForm
from echange.members.models import RESET, MailKey, Member
from echange.members.names import fold
from echange.members.pages.door import home_of, let_in, outbox_of, see_out, spare_mailbox, way_of
from echange.members.passwords import WeakPassword

TRIES_OF_ONE_ACCOUNT: Final = Rate("sign in, account", 10, 600)
TRIES_OF_ONE_ADDRESS: Final = Rate("sign in, address", 30, 600)
NO_STORE: Final = {"cache-control": "no-store"}


async def show_sign_in(request: Request) -> Response:
    if viewer_of(request):
        return RedirectResponse(local_path(request.query_params.get("suite")), 303)
    return _sign_in_page(request, blank(SignInForm, suite=request.query_params.get("suite", "")))


async def sign_in(request: Request) -> Response:
    bound = await read_form(request, SignInForm)
    if bound.data is None:
        return _sign_in_page(request, bound)
    limiter_of(request).take(TRIES_OF_ONE_ACCOUNT, fold(bound.data.email))
    known = await Member.with_credentials(bound.data.email, bound.data.password)
    if known is None:
        wrong = Invalid({"": [_("L’adresse ou le mot de passe ne va pas. Vérifiez les deux.")]})
        return _sign_in_page(request, bound.refuse(wrong))
    return await let_in(request, redirect(request, way_of(known, bound.data.suite)), known)


def _sign_in_page(request: Request, bound: Bound[SignInForm]) -> Response:
    context = {"form": bound, "suite": local_path(bound.values.get("suite"))}
    answer = refused_form if bound.errors else render
    return answer(request, "members/sign_in.html", context)


async def sign_out(request: Request) -> Response:
    return await see_out(request, redirect(request, "/", say=_("Vous êtes déconnecté. À bientôt !")))


async def show_forgotten(request: Request) -> Response:
    email = request.query_params.get("email", "")[:254]
    return render(request, "members/forgotten.html", {"form": blank(ForgottenForm, email=email)})


async def forgotten(request: Request) -> Response:
    bound = await read_form(request, ForgottenForm)
    if bound.data is None:
        return refused_form(request, "members/forgotten.html", {"form": bound})
    spare_mailbox(request, bound.data.email)
    await links.ask_link(bound.data.email, RESET, locale=current_locale.get(), home=home_of(request))
    context = {"email": bound.data.email, "outbox": outbox_of(request)}
    return render(request, "members/forgotten_sent.html", context, headers=NO_STORE)


async def show_reset(request: Request) -> Response:
    await MailKey.find(request.path_params["key"], RESET)
    return _reset_page(request, blank(PasswordForm))


async def reset(request: Request) -> Response:
    bound = await read_form(request, PasswordForm)
    if bound.data is None:
        return _reset_page(request, bound)
    try:
        owner = await links.reset_password(request.path_params["key"], bound.data.password)
    except WeakPassword as refusal:
        return _reset_page(request, bound.refuse(refusal, at="password"))
    hub_of(request).end_member(owner.id)
    said = _("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
    return await let_in(request, redirect(request, way_of(owner, "/"), say=said), owner)


def _reset_page(request: Request, bound: Bound[PasswordForm]) -> Response:
    if bound.errors:
        return refused_form(request, "members/reset.html", {"form": bound})
    return render(request, "members/reset.html", {"form": bound}, headers=NO_STORE)


routes = [
    page("/connexion", show_sign_in, who=anyone),
    page("/connexion", sign_in, who=anyone, methods=("POST",), limit=TRIES_OF_ONE_ADDRESS),
    page("/deconnexion", sign_out, who=anyone, methods=("POST",)),
    page("/mot-de-passe", show_forgotten, who=anyone),
    page("/mot-de-passe", forgotten, who=anyone, methods=("POST",), limit=Rate("forgotten", 10, 3600)),
    page("/mot-de-passe/{key:word}", show_reset, who=anyone),
    page("/mot-de-passe/{key:word}", reset, who=anyone, methods=("POST",), limit=Rate("reset", 10, 600)),
]
