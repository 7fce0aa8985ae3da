"""One line of a conversation's log, and what somebody may see of it."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import asyncpg
import orjson

Kind: TypeAlias = Literal["message", "edit", "delete", "reaction", "join", "leave", "change"]
# Whoever came or went is called as they are called today: nothing of a name stays in the log.
COLUMNS: Final = """e.conversation_id, e.seq, e.kind, e.by_id, e.client_id, e.target, e.gone, e.at,
    CASE WHEN e.kind IN ('join', 'leave', 'change') AND e.data ? 'member'
         THEN e.data || jsonb_build_object(
             'name', (SELECT name FROM member WHERE id = (e.data ->> 'member')::integer))
         ELSE e.data END AS data"""
GONE: Final = {"deleted": True}


@dataclass(frozen=True, slots=True)
class Event:
    """`data` is what is told of it: of what is gone, only that. `by` wrote it, or did it."""

    conversation: int
    seq: int
    kind: Kind
    by: int
    at: datetime
    client_id: str
    data: dict[str, Any]

    def withheld(self) -> "Event":
        """The same for somebody who is kept from its writer: it looks like something deleted."""
        target = {"target": self.data["target"]} if "target" in self.data else {}
        return replace(self, data={**GONE, **target})

    def seen_by(self, unseen: Set[int]) -> "Event":
        """As a member sees it who has nothing to do with those `unseen`."""
        return self.withheld() if self.by in unseen and self.kind in _WRITTEN else self


_WRITTEN: Final = frozenset({"message", "edit", "reaction"})


def event_of(row: asyncpg.Record) -> Event:
    """An event from a row of COLUMNS."""
    data: dict[str, Any] = dict(GONE) if row["gone"] else orjson.loads(row["data"])
    if row["target"] is not None:
        data["target"] = row["target"]
    return Event(
        conversation=row["conversation_id"],
        seq=row["seq"],
        kind=row["kind"],
        by=row["by_id"],
        at=row["at"],
        client_id=row["client_id"],
        data=data,
    )
