"""A neighbour's page, and their photo."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.http import NotFound, anyone, page, render, viewer_of
from echange.http.dates import MONTHS, local
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.media import WIDTHS, Store
from echange.members.organisations.queries import organisations_of
from echange.members.parts import parts_of
from echange.members.showing import Profile, photo_for, profile_for
from echange.members.trust import trust_of
from echange.members.week import day_names, slots_of, timetable

LONGEST_WISH = 100


async def show_member(request: Request) -> Response:
    """GET /membres/rachid"""
    seen = await profile_for(viewer_of(request), str(request.path_params["handle"]))
    return render(request, "members/profile.html", await profile_context(request, seen))


async def profile_context(request: Request, seen: Profile, *, preview: str = "") -> dict[str, Any]:
    """What the page of a neighbour needs; `preview` when they look at themselves with others' eyes."""
    viewer = viewer_of(request)
    is_me = viewer is not None and viewer.id == seen.id and not preview
    parts = await parts_of(request, seen, None if preview else viewer)
    return {
        "person": seen,
        "since": _month(seen),
        "slots": slots_of(seen.availability),
        "timetable": timetable(),
        "days": day_names(),
        "hats": await organisations_of(seen.id),
        "trust": await trust_of(seen.id, None if preview else viewer),
        "parts": [(part.template, part.values) for part in parts],
        "marks": {skill: words for part in parts for skill, words in part.marks.items()},
        "is_me": is_me,
        "preview": preview,
        "client_id": secrets.token_hex(16),
        "first_line": _first_line(seen, request.query_params.get("pour", "")[:LONGEST_WISH]),
    }


def _first_line(seen: Profile, wish: str) -> str:
    """How a message may begin, for who comes from the directory."""
    if not wish.strip():
        return ""
    return _("Bonjour {name}, j’aurais besoin de vous. Je cherchais : {wish}. ").format(
        name=seen.first_name, wish=wish.strip()
    )


def _month(seen: Profile) -> str:
    at = local(seen.created_at)
    return f"{MONTHS[current_locale.get()][at.month - 1]} {at.year}"


async def show_photo(request: Request) -> Response:
    """GET /membres/rachid/photo-320.webp, for whoever may see it."""
    width: int = request.path_params["width"]
    if width not in WIDTHS:
        raise NotFound
    photo = await photo_for(viewer_of(request), request.path_params["handle"])
    store: Store = request.app.state.store
    # A small photo exists in its own width only.
    path = store.path(photo.name, min((one for one in photo.widths if one >= width), default=photo.width))
    if not path.is_file():
        raise NotFound
    # Kept for an hour by the reader alone: who may see it can change.
    headers = {"cache-control": "private, max-age=3600"}
    return FileResponse(path, media_type="image/webp", headers=headers)


routes = [
    page("/membres/{handle:handle}", show_member, who=anyone),
    page("/membres/{handle:handle}/photo-{width:id}.webp", show_photo, who=anyone),
]
