"""Another e-mail address for my account, proved by the new mailbox; the old one may take it back."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Bound, Rate, anyone, blank, member, page, read_form, redirect, refused_form, render
from echange.http.rates import limiter_of
from echange.i18n import gettext as _
from echange.live import hub_of
from echange.members.account import addresses
from echange.members.account.proof import SignInAgain, is_fresh, prove
from echange.members.forms import AddressForm
from echange.members.models import CHANGE, REVERT, LinkGone, MailKey, Member, WrongPassword
from echange.members.pages.access import TRIES
from echange.members.pages.door import home_of, let_in, outbox_of, own_session, spare_mailbox
from echange.members.viewing import current_member

NO_STORE: Final = {"cache-control": "no-store"}


async def show_address_form(request: Request) -> Response:
    """GET /moi/adresse."""
    return await _address_page(request, await current_member(request), blank(AddressForm))


async def ask_change(request: Request) -> Response:
    """POST /moi/adresse: the same answer whether the address is somebody's or not."""
    me = await current_member(request)
    bound = await read_form(request, AddressForm)
    form = bound.data
    if form is None:
        return await _address_page(request, me, bound)
    limiter_of(request).check(TRIES, request)
    try:
        await prove(me, password=form.current, session_id=own_session(request))
        spare_mailbox(request, form.email)
        await addresses.ask_change(me, form.email, home=home_of(request))
    except SignInAgain:
        return await _address_page(request, me, blank(AddressForm))
    except WrongPassword as refusal:
        return await _address_page(request, me, bound.refuse(refusal, at="current"))
    except addresses.SameAddress as refusal:
        return await _address_page(request, me, bound.refuse(refusal, at="email"))
    context = {"email": form.email, "old": me.email, "outbox": outbox_of(request)}
    return render(request, "members/address_sent.html", context)


async def _address_page(request: Request, me: Member, bound: Bound[AddressForm]) -> Response:
    context = {
        "form": bound,
        "email": me.email,
        "has_password": me.password_hash is not None,
        "may": me.password_hash is not None or await is_fresh(me, own_session(request)),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/address.html", context)


async def show_change(request: Request) -> Response:
    """GET /adresse/{key}."""
    key = await MailKey.find(request.path_params["key"], CHANGE)
    if key.member_id != (await current_member(request)).id:
        raise LinkGone
    return render(
        request, "members/address_confirm.html", {"email": key.address, "old": key.member.email},
        headers=NO_STORE,
    )  # fmt: skip


async def change(request: Request) -> Response:
    """POST /adresse/{key}."""
    me = await current_member(request)
    await addresses.change(request.path_params["key"], by=me.id, home=home_of(request))
    return redirect(
        request, "/moi", say=_("Votre adresse est changée. L’ancienne et la nouvelle sont prévenues.")
    )


async def show_take_back(request: Request) -> Response:
    """GET /adresse/retour/{key}."""
    key = await MailKey.find(request.path_params["key"], REVERT)
    return render(request, "members/address_back.html", {"email": key.address}, headers=NO_STORE)


async def take_back(request: Request) -> Response:
    """POST /adresse/retour/{key}: whoever follows it holds the old mailbox, and is let in to start anew."""
    owner = await addresses.take_back(request.path_params["key"])
    hub_of(request).end_member(owner.id)
    said = _("Votre compte est de nouveau à vous. Choisissez un nouveau mot de passe.")
    return await let_in(request, redirect(request, "/moi/mot-de-passe", say=said), owner)


routes = [
    page("/moi/adresse", show_address_form, who=member),
    page("/moi/adresse", ask_change, who=member, methods=("POST",)),
    page("/adresse/{key:word}", show_change, who=member),
    page("/adresse/{key:word}", change, who=member, methods=("POST",)),
    page("/adresse/retour/{key:word}", show_take_back, who=anyone),
    page(
        "/adresse/retour/{key:word}",
        take_back,
        who=anyone,
        methods=("POST",),
        limit=Rate("take back", 20, 600),
    ),
]
