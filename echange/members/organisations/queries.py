"""Hand-written reads of organisations: lists, their people, what the desk has to check."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch, fetch_value
from echange.http import Page, Viewer, cut
from echange.http.pagination import EPOCH, Position
from echange.http.viewer import Portrait
from echange.members.names import fold

PEOPLE_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class OrganisationCard(Portrait):
    """An organisation in a list; shaped like a member's card."""

    id: int
    slug: str
    name: str
    kind: str
    headline: str
    quartier: str
    verified: bool
    skills: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"/associations/{self.slug}"


async def find_organisations(
    words: str,
    kind: str,
    quartier: str,
    limit: int,
    position: Position | None,
    *,
    verified_only: bool = False,
    to_verify: bool = False,
) -> Page[OrganisationCard]:
    """Open organisations by name; empty words, kind and quartier (a slug) leave it open.

    `to_verify`: those with a number that the desk has not checked yet.
    """
    rows = await fetch(
        """SELECT o.id, o.slug, o.name, o.kind, coalesce(q.name, '') AS quartier,
                  o.verified_at IS NOT NULL AS verified,
                  CASE WHEN o.headline <> '' THEN o.headline
                       WHEN length(o.about) > 160 THEN left(o.about, 157) || '…' ELSE o.about END AS headline
           FROM organisation o LEFT JOIN quartier q ON q.id = o.quartier_id
           WHERE NOT o.away
             AND ($1 = '' OR strpos(' ' || o.sort_key, ' ' || $1) > 0)
             AND ($2 = '' OR o.kind = $2)
             AND ($3 = '' OR q.slug = $3)
             AND ($4::int IS NULL
                  OR (o.sort_key, o.id) > (SELECT sort_key, id FROM organisation WHERE id = $4))
             AND (NOT $5 OR o.verified_at IS NOT NULL)
             AND (NOT $6 OR (o.verified_at IS NULL AND num_nonnulls(o.rna, o.siret) > 0))
           ORDER BY o.sort_key, o.id LIMIT $7""",
        fold(words),
        kind,
        quartier,
        position[1] if position else None,
        verified_only,
        to_verify,
        limit + 1,
    )
    # By name, so the cursor names the last row; its instant says nothing.
    return cut([OrganisationCard(**row) for row in rows], limit, lambda card: (EPOCH, card.id))


async def waiting_for_the_desk() -> int:
    """How many open organisations have a number that nobody has checked yet."""
    count: int = await fetch_value(
        """SELECT count(*) FROM organisation
           WHERE NOT away AND verified_at IS NULL AND num_nonnulls(rna, siret) > 0"""
    )
    return count


@dataclass(frozen=True, slots=True)
class Hat(Portrait):
    """A member's part in an organisation."""

    name: str
    url: str
    role: str
    id: int
    kind: str
    away: bool = False

    @property
    def speaks(self) -> bool:
        return self.role in {"owner", "manager"}


async def organisations_of(member_id: int) -> list[Hat]:
    """The open organisations in which anybody may see this member."""
    rows = await fetch(
        """SELECT o.id, o.name, '/associations/' || o.slug AS url, p.role, o.kind
           FROM membership p JOIN organisation o ON o.id = p.organisation_id
           WHERE p.member_id = $1 AND NOT o.away AND (p.shown OR p.role <> 'member')
           ORDER BY o.sort_key""",
        member_id,
    )
    return [Hat(**row) for row in rows]


async def own_organisations(member_id: int) -> list[Hat]:
    """All organisations of a member; those closed or hidden only when they speak for them."""
    rows = await fetch(
        """SELECT o.id, o.name, '/associations/' || o.slug AS url, p.role, o.kind, o.away
           FROM membership p JOIN organisation o ON o.id = p.organisation_id
           WHERE p.member_id = $1 AND (NOT o.away OR p.role <> 'member') ORDER BY o.sort_key, o.id""",
        member_id,
    )
    return [Hat(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Person(Portrait):
    """Somebody of an organisation."""

    id: int
    name: str
    handle: str
    role: str
    shown: bool

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"

    @property
    def speaks(self) -> bool:
        return self.role in {"owner", "manager"}


async def people_of(organisation_id: int, viewer: Viewer | None, *, everybody: bool = False) -> list[Person]:
    """Its people as this viewer may see them, those who answer for it first.

    Nobody away or unseen, and of those who only belong to it the ones who agree; `everybody`, for who
    manages it, leaves out nobody but those who left for good.
    """
    rows = await fetch(
        """SELECT m.id, m.name, m.handle, p.role, p.shown
           FROM membership p JOIN member m ON m.id = p.member_id
           WHERE p.organisation_id = $1
             AND (m.id = $2 OR CASE WHEN $4 THEN m.left_at IS NULL
                                    ELSE NOT m.away AND m.id <> ALL ($3::int[])
                                         AND (p.shown OR p.role <> 'member') END)
           ORDER BY array_position(ARRAY['owner', 'manager', 'member'], p.role::text), m.sort_key, m.id
           LIMIT $5""",
        organisation_id,
        viewer.id if viewer else None,
        list(viewer.unseen) if viewer else [],
        everybody,
        1000 if everybody else PEOPLE_SHOWN,
    )
    return [Person(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Pending:
    """An invitation nobody has followed yet."""

    id: int
    email: str
    role: str
    expires_at: datetime


async def pending_invitations(organisation_id: int) -> list[Pending]:
    """Those still good, the newest first."""
    rows = await fetch(
        """SELECT id, email, role, expires_at FROM invitation
           WHERE organisation_id = $1 AND expires_at > now() ORDER BY id DESC""",
        organisation_id,
    )
    return [Pending(**row) for row in rows]
