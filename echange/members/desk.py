"""What the staff see of accounts, and of what the staff did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from echange.database import fetch, fetch_one
from echange.http import NotFound, Page, cut
from echange.http.pagination import Position
from echange.http.viewer import Portrait
from echange.members.account.leaving import ends_at
from echange.members.account.recovery import masked
from echange.members.names import fold

FOUND_AT_MOST: Final = 50
ACTS_SHOWN: Final = 50

_ACCOUNT: Final = """
    SELECT m.id, m.name, m.handle, m.email, coalesce(q.name, '') AS quartier, m.created_at, m.confirmed_at,
           m.verified_at, m.paused_at, m.leaving_at, m.hidden_at, m.kept_by_desk, m.phone,
           ARRAY(SELECT role FROM staff_role WHERE member_id = m.id ORDER BY granted_at, id) AS roles
    FROM member m LEFT JOIN quartier q ON q.id = m.quartier_id"""


@dataclass(frozen=True, slots=True)
class Account(Portrait):
    """An account as the desk sees it; `email` is masked, `until` the day a departure is done.

    `kept`: without an address, by the desk, which alone knows the `phone`.
    """

    id: int
    name: str
    handle: str
    email: str
    quartier: str
    created_at: datetime
    confirmed: bool
    verified: bool
    paused: bool
    hidden: bool
    until: datetime | None
    roles: list[str]
    kept: bool
    phone: str
    kind: None = None

    @property
    def url(self) -> str:
        return f"/administration/membres/{self.id}"

    @property
    def profile_url(self) -> str:
        return f"/membres/{self.handle}"


async def find_accounts(words: str) -> list[Account]:
    """By the beginning of a name or of one of its words, or by a whole address; fifty at most."""
    rows = await fetch(
        f"""{_ACCOUNT} WHERE m.left_at IS NULL AND (lower(m.email) = lower($1)
               OR ($2 <> '' AND strpos(' ' || m.sort_key, ' ' || $2) > 0))
            ORDER BY m.sort_key, m.id LIMIT $3""",
        words,
        fold(words),
        FOUND_AT_MOST,
    )
    return [_account(row) for row in rows]


async def account_of(member_id: int) -> Account:
    """One account; raises NotFound, also when it is erased."""
    row = await fetch_one(f"{_ACCOUNT} WHERE m.id = $1 AND m.left_at IS NULL", member_id)
    if row is None:
        raise NotFound
    return _account(row)


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        id=row["id"],
        name=row["name"],
        handle=row["handle"],
        email=masked(row["email"]),
        quartier=row["quartier"],
        created_at=row["created_at"],
        confirmed=row["confirmed_at"] is not None,
        verified=row["verified_at"] is not None,
        paused=row["paused_at"] is not None,
        hidden=row["hidden_at"] is not None,
        until=ends_at(row["leaving_at"]) if row["leaving_at"] else None,
        roles=row["roles"],
        kept=row["kept_by_desk"],
        phone=row["phone"],
    )


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the staff's book; without `by` the command line did it."""

    id: int
    what: str
    about_kind: str
    about_id: int
    about: str
    data: dict[str, Any]
    at: datetime
    by: str


_ACTS: Final = """
    SELECT a.id, a.what, a.about_kind, a.about_id, a.data, a.at, coalesce(b.name, '') AS by,
           coalesce(m.name, o.name, q.name, '') AS about
    FROM staff_act a LEFT JOIN member b ON b.id = a.by_id
    LEFT JOIN member m ON a.about_kind = 'member' AND m.id = a.about_id
    LEFT JOIN organisation o ON a.about_kind = 'organisation' AND o.id = a.about_id
    LEFT JOIN quartier q ON a.about_kind = 'quartier' AND q.id = a.about_id"""


async def acts_about(kind: str, thing_id: int) -> list[Act]:
    """What the staff did about one thing, newest first; fifty at most."""
    rows = await fetch(
        f"{_ACTS} WHERE a.about_kind = $1 AND a.about_id = $2 ORDER BY a.id DESC LIMIT $3",
        kind,
        thing_id,
        ACTS_SHOWN,
    )
    return [_act(row) for row in rows]


async def acts(position: Position | None) -> Page[Act]:
    """The whole book, newest first, by pages of fifty."""
    rows = await fetch(
        f"{_ACTS} WHERE $1::bigint IS NULL OR a.id < $1 ORDER BY a.id DESC LIMIT $2",
        position[1] if position else None,
        ACTS_SHOWN + 1,
    )
    return cut([_act(row) for row in rows], ACTS_SHOWN, lambda act: (act.at, act.id))


def _act(row: Mapping[str, Any]) -> Act:
    return Act(**{**row, "data": orjson.loads(row["data"])})
