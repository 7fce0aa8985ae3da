"""My exchanges: what waits for me first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges.life import Side, other_side
from echange.exchanges.models import Exchange
from echange.exchanges.pages.forms import ListQuery, Shelf
from echange.exchanges.pages.people import Party, parties_of
from echange.exchanges.queries import exchanges_of, open_of
from echange.exchanges.waiting import is_to_answer, is_to_note
from echange.http import Viewer, read_query, render, signed_in
from echange.http.pagination import Position, decode
from echange.i18n import gettext as _
from echange.i18n import mark

OPEN_AT_MOST: Final = 100
ENDED_SHOWN: Final = 5
SHELVES: Final[tuple[tuple[Shelf, str], ...]] = (
    ("a-repondre", mark("À répondre")),
    ("a-noter", mark("Temps à noter")),
    ("en-cours", mark("En cours")),
    ("comptes", mark("Comptés")),
    ("sans-suite", mark("Sans suite")),
)
ENDED: Final[dict[Shelf, tuple[str, ...]]] = {
    "comptes": ("settled",),
    "sans-suite": ("declined", "cancelled", "expired"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An exchange in the list, as its side `mine` reads it; None for the other side of a hat left behind."""

    it: Exchange
    other: Party
    gives: bool
    step: str


async def show_mine(request: Request) -> Response:
    """GET /echanges?voir=&cursor=."""
    viewer = signed_in(request)
    query = read_query(request, ListQuery).data or ListQuery()
    context: dict[str, Any] = {"voir": query.voir, "shelves": [(key, _(name)) for key, name in SHELVES]}
    if query.voir in ENDED:
        page = await exchanges_of(
            viewer, states=ENDED[query.voir], limit=query.limit, position=query.position()
        )
        sections, following = [(query.voir, await _rows(page.items, viewer))], page.next
    else:
        sections, following = await _open_sections(viewer, query.voir, query.position())
        if query.voir is None and following is None:
            ended = await exchanges_of(viewer, states=("settled",), limit=ENDED_SHOWN)
            sections.append(("comptes", await _rows(ended.items, viewer)))
            context["more_ended"] = ended.next is not None
    here = f"/echanges?voir={query.voir}" if query.voir else "/echanges"
    context["first_url"] = here if query.cursor else ""
    if following:
        context["next_url"] = f"{here}{'&' if query.voir else '?'}cursor={following}"
    return render(
        request, "exchanges/mine.html", {**context, "sections": [one for one in sections if one[1]]}
    )


async def _open_sections(
    viewer: Viewer, voir: Shelf | None, position: Position | None
) -> tuple[list[tuple[Shelf, list[Row]]], str | None]:
    """What is due first, with what goes on after it; pages on until there is something for this shelf."""
    while True:
        page = await open_of(viewer, limit=OPEN_AT_MOST, position=position)
        shelved: dict[Shelf, list[Row]] = {"a-repondre": [], "a-noter": [], "en-cours": []}
        for row in await _rows(page.items, viewer):
            shelved[_SHELF_OF[row.step]].append(row)
        sections = [(key, found) for key, found in shelved.items() if found and voir in {None, key}]
        if sections or page.next is None:
            return sections, page.next
        position = decode(page.next)


_SHELF_OF: Final[dict[str, Shelf]] = {"answer": "a-repondre", "note": "a-noter", "wait": "en-cours"}


async def _rows(exchanges: Sequence[Exchange], viewer: Viewer) -> list[Row]:
    parties = await parties_of(exchanges, viewer)
    rows = []
    for it in exchanges:
        side = it.side_of(viewer)
        # Whoever no longer speaks for the organisation still reads what they did for it.
        shown: Side = side or ("giver" if it.giver_id == viewer.id else "receiver")
        rows.append(Row(it, parties[it.id][other_side(shown)], shown == "giver", _step(it, side)))
    return rows


def _step(it: Exchange, side: Side | None) -> str:
    if side and is_to_answer(it, side):
        return "answer"
    return "note" if side and is_to_note(it, side) else "wait"
