"""Hand-written reads of places: the list, and whom one may look after one for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch
from echange.http import Page, Viewer, concierge, cut
from echange.http.pagination import EPOCH, Position
from echange.i18n import gettext as _
from echange.members import fold
from echange.places.access import in_order
from echange.places.hours import OpenState, states_at

_FOUND: Final = """
    SELECT p.id, p.slug, p.name, p.address, p.access, p.site_id, coalesce(q.name, '') AS quartier
    FROM place p LEFT JOIN quartier q ON q.id = p.quartier_id
    WHERE p.closed_at IS NULL AND p.hidden_at IS NULL
      AND ($1 = '' OR strpos(' ' || p.sort_key, ' ' || $1) > 0)
      AND ($2::text[] = '{}' OR q.slug = ANY ($2))
      AND p.access @> $3::text[]
      AND ($4::int IS NULL OR (p.sort_key, p.id) > (SELECT sort_key, id FROM place WHERE id = $4))
    ORDER BY p.sort_key, p.id LIMIT $5"""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place in a list, with whether it is open now."""

    id: int
    slug: str
    name: str
    address: str
    quartier: str
    access: list[str]
    state: OpenState

    @property
    def url(self) -> str:
        return f"/lieux/{self.slug}"


async def find_places(
    words: str,
    quartiers: Sequence[str],
    access: Sequence[str],
    limit: int,
    position: Position | None,
    at: datetime,
) -> Page[PlaceCard]:
    """Open places by name, in one of these quartiers (slugs), with all of these facts of access."""
    rows = await fetch(
        _FOUND, fold(words), list(quartiers), list(access), position[1] if position else None, limit + 1
    )
    states = await states_at([row["site_id"] for row in rows], at)
    cards = [
        PlaceCard(
            id=row["id"],
            slug=row["slug"],
            name=row["name"],
            address=row["address"],
            quartier=row["quartier"],
            access=in_order(row["access"]),
            state=states[row["site_id"]],
        )
        for row in rows
    ]
    # By name, so the cursor names the last row; its instant says nothing.
    return cut(cards, limit, lambda card: (EPOCH, card.id))


async def sitemap_places(limit: int) -> list[tuple[str, datetime]]:
    """Addresses of open places and since when they are there, the newest first."""
    rows = await fetch(
        """SELECT slug, created_at FROM place WHERE closed_at IS NULL AND hidden_at IS NULL
           ORDER BY id DESC LIMIT $1""",
        limit,
    )
    return [(f"/lieux/{row['slug']}", row["created_at"]) for row in rows]


def keepers_for(viewer: Viewer | None) -> list[tuple[str, str]]:
    """In whose name they may make a place: organisations by id and name, "" for the town."""
    if viewer is None or viewer.behalf is not None:
        return []
    town = [("", _("La ville, par sa conciergerie"))] if concierge.allows(viewer) else []
    return [*town, *((str(number), name) for number, name in viewer.hats)]
