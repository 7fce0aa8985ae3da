"""Away for a while, or for good."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Rate,
    Refusal,
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
from echange.http.rates import limiter_of
from echange.i18n import gettext as _
from echange.live import hub_of
from echange.members.account import leaving
from echange.members.account.proof import SignInAgain, is_fresh, prove
from echange.members.forms import LeaveForm, ResumeForm
from echange.members.models import STAY, MailKey, Member, StaffRole, WrongPassword
from echange.members.organisations.privacy import kept_alone
from echange.members.pages.access import TRIES
from echange.members.pages.door import home_of, own_session, see_out
from echange.members.privacy import Belongings
from echange.members.viewing import current_member

NO_STORE: Final = {"cache-control": "no-store"}


async def show_pause(request: Request) -> Response:
    """GET /moi/pause."""
    return render(request, "members/pause.html")


async def pause(request: Request) -> Response:
    """POST /moi/pause."""
    await (await current_member(request)).pause()
    return redirect(
        request, "/moi", say=_("Vous êtes en pause. Revenez quand vous voulez."), undo_url="/moi/pause/fin"
    )


async def resume(request: Request) -> Response:
    """POST /moi/pause/fin: back to where the pause stood in the way."""
    bound = await read_form(request, ResumeForm)
    await (await current_member(request)).resume()
    way = local_path(bound.data.suite if bound.data else "", "/moi")
    return redirect(request, way, say=_("Vous revoilà : vos voisins vous voient de nouveau."))


async def show_departure(request: Request) -> Response:
    """GET /moi/depart: what becomes of everything; for who is leaving already, until when they may stay."""
    return await _departure_page(request, await current_member(request), blank(LeaveForm))


async def leave(request: Request) -> Response:
    """POST /moi/depart."""
    me = await current_member(request)
    bound = await read_form(request, LeaveForm)
    if bound.data is None:
        return await _departure_page(request, me, bound)
    limiter_of(request).check(TRIES, request)
    try:
        await prove(me, password=bound.data.current, session_id=own_session(request))
        await leaving.leave(me, home=home_of(request))
    except SignInAgain:
        return await _departure_page(request, me, blank(LeaveForm))
    except WrongPassword as refusal:
        return await _departure_page(request, me, bound.refuse(refusal, at="current"))
    except Refusal as refusal:
        return await _departure_page(request, me, bound.refuse(refusal))
    hub_of(request).end_member(me.id)
    said = _("Votre départ est prévu dans quatorze jours. Pour rester, reconnectez-vous d’ici là.")
    return await see_out(request, redirect(request, "/", say=said))


async def _departure_page(request: Request, me: Member, bound: Bound[LeaveForm]) -> Response:
    if me.leaving_at is not None:
        return render(request, "members/leaving.html", {"until": leaving.ends_at(me.leaving_at)})
    belongings: Sequence[Belongings] = request.app.state.belongings
    context = {
        "form": bound,
        "told": [sentence for room in belongings for sentence in await room.told(me.id)],
        "kept": [{"name": name, "url": url} for name, url in await kept_alone(me.id)],
        "is_staff": await StaffRole.exists(member_id=me.id),
        "email": me.email,
        "has_password": me.password_hash is not None,
        "may": me.password_hash is not None or await is_fresh(me, own_session(request)),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/leave.html", context)


async def stay(request: Request) -> Response:
    """POST /moi/depart/annulation."""
    await leaving.stay((await current_member(request)).id)
    return redirect(request, "/moi", say=_("Vous restez, et tout est comme avant. Tant mieux !"))


async def show_stay(request: Request) -> Response:
    """GET /depart/{key}, from the mail."""
    key = await MailKey.find(request.path_params["key"], STAY)
    return render(request, "members/stay.html", {"name": key.member.name}, headers=NO_STORE)


async def stay_by_link(request: Request) -> Response:
    """POST /depart/{key}."""
    await leaving.stay_by_link(request.path_params["key"])
    next_url = "/" if viewer_of(request) else "/connexion"
    return redirect(request, next_url, say=_("Vous restez, et tout est comme avant. Tant mieux !"))


routes = [
    page("/moi/pause", show_pause, who=member),
    page("/moi/pause", pause, who=member, methods=("POST",)),
    page("/moi/pause/fin", resume, who=member, methods=("POST",)),
    page("/moi/depart", show_departure, who=member),
    page("/moi/depart", leave, who=member, methods=("POST",)),
    page("/moi/depart/annulation", stay, who=member, methods=("POST",), while_leaving=True),
    page("/depart/{key:word}", show_stay, who=anyone),
    page("/depart/{key:word}", stay_by_link, who=anyone, methods=("POST",), limit=Rate("stay", 20, 600)),
]
