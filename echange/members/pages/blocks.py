"""Whom somebody wants nothing to do with."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.database import fetch
from echange.http import NotFound, member, page, redirect, render, viewer_of
from echange.http.viewer import initials, tint
from echange.i18n import gettext as _
from echange.members.meeting import met_by
from echange.members.models import Block, Member
from echange.members.viewing import current_member


async def list_blocks(request: Request) -> Response:
    """GET /moi/blocages."""
    me = await current_member(request)
    rows = await fetch(
        """SELECT m.id, m.name, b.at FROM block b JOIN member m ON m.id = b.member_id
           WHERE b.by_id = $1 ORDER BY b.at DESC, b.id DESC""",
        me.id,
    )
    people = [_line(row["id"], row["name"], row["at"]) for row in rows]
    return render(request, "members/blocks.html", {"people": people})


def _line(member_id: int, name: str, at: datetime) -> dict[str, object]:
    return {"id": member_id, "name": name, "at": at, "initials": initials(name), "tint": tint(member_id)}


async def ask_to_block(request: Request) -> Response:
    """GET /membres/{handle}/blocage."""
    person = await _met(request)
    context = {
        "name": person.name,
        "action": f"{person.url}/blocage",
        "back": person.url,
        "report_url": f"/signaler?kind=member&id={person.id}",
    }
    return render(request, "members/block.html", context)


async def block(request: Request) -> Response:
    """POST /membres/{handle}/blocage."""
    me, person = await current_member(request), await _met(request)
    await Block.put(person.id, by=me.id)
    return redirect(
        request,
        "/moi/blocages",
        say=_("Vous n’avez plus affaire à {name}.").format(name=person.name),
        undo_url=f"/moi/blocages/{person.id}/retrait",
    )


async def lift(request: Request) -> Response:
    """POST /moi/blocages/{id}/retrait."""
    me = await current_member(request)
    await Block.lift(request.path_params["id"], by=me.id)
    return redirect(request, "/moi/blocages", say=_("C’est levé : vous pouvez de nouveau vous croiser ici."))


async def _met(request: Request) -> Member:
    person = await met_by(viewer_of(request)).get_or_none(handle=request.path_params["handle"])
    if person is None:
        raise NotFound
    return person


routes = [
    page("/moi/blocages", list_blocks, who=member),
    page("/moi/blocages/{id:id}/retrait", lift, who=member, methods=("POST",)),
    page("/membres/{handle:handle}/blocage", ask_to_block, who=member),
    page("/membres/{handle:handle}/blocage", block, who=member, methods=("POST",)),
]
