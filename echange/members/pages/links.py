"""Signing in without a password: a link by mail, and then a click, as mail scanners follow links too."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Rate, anyone, blank, local_path, page, read_form, redirect, refused_form, render
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.live import hub_of
from echange.members.account import links
from echange.members.forms import LinkForm
from echange.members.models import SIGN_IN, MailKey
from echange.members.pages.door import home_of, let_in, outbox_of, spare_mailbox, way_of

NO_STORE: Final = {"cache-control": "no-store"}


async def show_link_form(request: Request) -> Response:
    """GET /connexion/lien."""
    query = request.query_params
    bound = blank(LinkForm, email=query.get("email", "")[:254], suite=local_path(query.get("suite")))
    return render(request, "members/link_form.html", {"form": bound})


async def ask_link(request: Request) -> Response:
    """POST /connexion/lien: the same answer whoever asks."""
    bound = await read_form(request, LinkForm)
    form = bound.data
    if form is None:
        return refused_form(request, "members/link_form.html", {"form": bound})
    spare_mailbox(request, form.email)
    await links.ask_link(
        form.email,
        SIGN_IN,
        locale=current_locale.get(),
        home=home_of(request),
        suite=local_path(form.suite),
    )
    context = {"email": form.email, "suite": local_path(form.suite), "outbox": outbox_of(request)}
    return render(request, "members/link_sent.html", context, headers=NO_STORE)


async def show_link(request: Request) -> Response:
    """GET /connexion/lien/{key}: says whose account it opens."""
    key = await MailKey.find(request.path_params["key"], SIGN_IN)
    return render(request, "members/link.html", {"name": key.member.name}, headers=NO_STORE)


async def follow_link(request: Request) -> Response:
    """POST /connexion/lien/{key}."""
    key = await MailKey.find(request.path_params["key"], SIGN_IN)
    unproved = key.member.confirmed_at is None
    owner = await links.sign_in(request.path_params["key"])
    if unproved:
        hub_of(request).end_member(owner.id)
    said = _("Vous êtes connecté, et votre adresse est confirmée.") if unproved else None
    way = way_of(owner, request.query_params.get("suite", "/"))
    return await let_in(request, redirect(request, way, say=said), owner)


routes = [
    page("/connexion/lien", show_link_form, who=anyone),
    page("/connexion/lien", ask_link, who=anyone, methods=("POST",), limit=Rate("ask link", 10, 3600)),
    page("/connexion/lien/{key:word}", show_link, who=anyone),
    page(
        "/connexion/lien/{key:word}",
        follow_link,
        who=anyone,
        methods=("POST",),
        limit=Rate("follow link", 20, 600),
    ),
]
