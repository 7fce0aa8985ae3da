"""Finding one's messages as JSON."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import searching
from echange.chat.forms import SearchQuery
from echange.chat.pages.searching import SEARCHING
from echange.chat.searching import Hit
from echange.http import Invalid, Out, answer, api, member, read_query, signed_in
from echange.http.rates import limiter_of


class HitOut(Out):
    """A message as it stands now; `words` are those of it that were looked for, `url` leads to its place."""

    conversation: int
    title: str
    seq: int
    by: int
    name: str
    at: datetime
    body: str
    words: list[str]
    url: str


class HitPage(Out):
    """Newest first. Not `complete`: older messages are being looked through, ask again."""

    items: list[HitOut]
    next: str | None
    complete: bool


async def find_messages(request: Request) -> Response:
    query = read_query(request, SearchQuery)
    if query.data is None:
        raise Invalid(query.errors)
    limiter_of(request).check(SEARCHING, request)
    asked = query.data
    found = await searching.find(signed_in(request), asked.q, limit=asked.limit, cursor=asked.cursor)
    items = [_told(hit) for hit in found.hits]
    return answer(HitPage(items=items, next=found.next, complete=found.complete))


def _told(hit: Hit) -> HitOut:
    return HitOut(
        conversation=hit.talk.id,
        title=hit.talk.title,
        seq=hit.seq,
        by=hit.by,
        name=hit.name,
        at=hit.at,
        body=hit.body,
        words=sorted(hit.words),
        url=hit.url,
    )


routes = [
    api("GET", "/messages", find_messages, who=member, summary="Chercher des mots dans mes conversations",
        query=SearchQuery, answer=HitPage),
]  # fmt: skip
