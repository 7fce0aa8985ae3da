"""Finding words in one's messages, as a page."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox, searching
from echange.chat.forms import SearchQuery
from echange.http import Rate, Viewer, read_query, refused_form, render, signed_in
from echange.http.rates import limiter_of
from echange.members import fold

SEARCHING: Final = Rate("message search", burst=30, per=60)
TALKS_SHOWN: Final = 5


async def find_messages(request: Request) -> Response:
    """GET /messages?q=perceuse; without words, where to write them."""
    query = read_query(request, SearchQuery)
    shown: dict[str, Any] = {"form": query, "talks": [], "hits": [], "next": None, "complete": True}
    if query.data is None:
        return refused_form(request, "chat/search.html", shown)
    if query.data.q:
        limiter_of(request).check(SEARCHING, request)
        shown |= await _found(signed_in(request), query.data)
    return render(request, "chat/search.html", shown)


async def _found(viewer: Viewer, asked: SearchQuery) -> dict[str, Any]:
    found = await searching.find(viewer, asked.q, limit=asked.limit, cursor=asked.cursor)
    return {
        # Who is looked for by name stands on top of the first page.
        "talks": [] if asked.cursor else await inbox.named(viewer.id, fold(asked.q), TALKS_SHOWN),
        "hits": found.hits,
        "next": found.next,
        "complete": found.complete,
    }
