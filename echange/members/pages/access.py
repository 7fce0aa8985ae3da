"""My own pages: password, browsers signed in, tokens for programs."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    NotFound,
    Rate,
    Refusal,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
)
from echange.http.rates import limiter_of
from echange.i18n import gettext as _
from echange.live import hub_of
from echange.members.account.password import choose_password
from echange.members.account.proof import SignInAgain, is_fresh
from echange.members.forms import ChangePasswordForm, TokenForm
from echange.members.models import Member, PersonalToken, Session, WrongPassword
from echange.members.pages.door import own_session, silence
from echange.members.passwords import WeakPassword
from echange.members.viewing import current_member

TRIES: Final = Rate("change password", 10, 600)


async def show_password_form(request: Request) -> Response:
    return await _password_page(request, await current_member(request), blank(ChangePasswordForm))


async def change_password(request: Request) -> Response:
    me = await current_member(request)
    bound = await read_form(request, ChangePasswordForm)
    form = bound.data
    if form is None:
        return await _password_page(request, me, bound)
    limiter_of(request).check(TRIES, request)
    try:
        ended = await choose_password(
            me,
            current=form.current,
            new=form.password,
            session_id=own_session(request),
            tokens_too=form.tokens,
        )
    except SignInAgain:
        return await _password_page(request, me, blank(ChangePasswordForm))
    except (WrongPassword, WeakPassword) as refusal:
        at = "current" if isinstance(refusal, WrongPassword) else "password"
        return await _password_page(request, me, bound.refuse(refusal, at=at))
    silence(request, ended.sessions)
    for token_id in ended.tokens:
        hub_of(request).end_token(token_id)
    return redirect(
        request, "/moi", say=_("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
    )


async def _password_page(request: Request, me: Member, bound: Bound[ChangePasswordForm]) -> Response:
    context = {
        "form": bound,
        "email": me.email,
        "has_password": me.password_hash is not None,
        "may": me.password_hash is not None or await is_fresh(me, own_session(request)),
        "tokens": await PersonalToken.filter(member_id=me.id).count(),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/password.html", context)


async def show_sessions(request: Request) -> Response:
    me = await current_member(request)
    sessions = await Session.filter(member_id=me.id).order_by("-seen_at", "-id").limit(100)
    lines = [
        {
            "id": one.id,
            "device": one.device,
            "since": one.created_at,
            "seen_at": one.seen_at,
            "mine": one.id == own_session(request),
        }
        for one in sessions
    ]
    return render(request, "members/sessions.html", {"sessions": lines})


async def end_session(request: Request) -> Response:
    me = await current_member(request)
    session_id = int(request.path_params["id"])
    if not await Session.end(me.id, session_id):
        raise NotFound
    silence(request, [session_id])
    return redirect(request, "/moi/sessions", say=_("Cet appareil est déconnecté."))


async def end_other_sessions(request: Request) -> Response:
    me = await current_member(request)
    silence(request, await me.end_sessions(but=own_session(request)))
    return redirect(request, "/moi/sessions", say=_("Vos autres appareils sont déconnectés."))


async def show_tokens(request: Request) -> Response:
    return render(request, "members/tokens.html", await _tokens_context(request, blank(TokenForm)))


async def make_token(request: Request) -> Response:
    me = await current_member(request)
    bound = await read_form(request, TokenForm)
    if bound.data is None:
        return refused_form(request, "members/tokens.html", await _tokens_context(request, bound))
    try:
        fresh = await PersonalToken.issue(me, bound.data.label)
    except Refusal as refusal:
        context = await _tokens_context(request, bound.refuse(refusal, at="label"))
        return refused_form(request, "members/tokens.html", context)
    # Shown in the answer itself: over a redirect it would have to be kept somewhere.
    context = await _tokens_context(request, blank(TokenForm))
    return render(request, "members/tokens.html", {**context, "fresh": fresh}, status=201)


async def revoke_token(request: Request) -> Response:
    me = await current_member(request)
    token_id = int(request.path_params["id"])
    if not await PersonalToken.revoke(me.id, token_id):
        raise NotFound
    hub_of(request).end_token(token_id)
    return redirect(request, "/moi/jetons", say=_("Ce jeton ne sert plus."))


async def _tokens_context(request: Request, bound: Bound[TokenForm]) -> dict[str, Any]:
    me = await current_member(request)
    tokens = await PersonalToken.filter(member_id=me.id).order_by("-id").limit(200)
    lines = [
        {"id": one.id, "label": one.label, "since": one.created_at, "used_at": one.used_at} for one in tokens
    ]
    return {"form": bound, "tokens": lines, "fresh": None}


routes = [
    page("/moi/mot-de-passe", show_password_form, who=member),
    page("/moi/mot-de-passe", change_password, who=member, methods=("POST",)),
    page("/moi/sessions", show_sessions, who=member),
    page("/moi/sessions/{id:id}/fin", end_session, who=member, methods=("POST",)),
    page("/moi/sessions/fin", end_other_sessions, who=member, methods=("POST",)),
    page("/moi/jetons", show_tokens, who=member),
    page("/moi/jetons", make_token, who=member, methods=("POST",), limit=Rate("make token", 10, 3600)),
    page("/moi/jetons/{id:id}/retrait", revoke_token, who=member, methods=("POST",)),
]
