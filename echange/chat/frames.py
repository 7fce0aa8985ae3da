"""What the server says on sockets, as ready text. The same event looks the same over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from echange.chat.events import Event
from echange.http.refusals import NotFound, Refusal, TooMany, Unavailable
from echange.live import Frame

LIMITS: Final = {"frame_bytes": 65_536, "body_characters": 4_000, "messages_per_second": 5, "burst": 20}
RETRY_ACCIDENT_MS: Final = 3000
_CODES: Final = {
    "conflict", "too_large", "invalid", "rate", "unavailable", "hat_changed", "away", "too_many_links"
}  # fmt: skip


def welcome(member_id: int, heads: dict[int, int], unread: dict[int, int], muted: list[int]) -> Frame:
    """`unread` counts what waits in each conversation that holds something unread, for true badges."""
    return _text(
        "welcome",
        member=member_id,
        heads={str(conversation): head for conversation, head in heads.items()},
        unread={str(conversation): count for conversation, count in unread.items()},
        muted=muted,
        limits=LIMITS,
    )


def event(event: Event) -> Frame:
    return _text("event", **event_fields(event))


def event_fields(event: Event) -> dict[str, Any]:
    return {
        "conversation": event.conversation,
        "seq": event.seq,
        "kind": event.kind,
        "by": event.by,
        "at": event.at,
        "client_id": event.client_id,
        "data": event.data,
    }


def ack(client_id: str, conversation_id: int, seq: int, at: datetime) -> Frame:
    return _text("ack", client_id=client_id, conversation=conversation_id, seq=seq, at=at)


def gap(conversation_id: int, first: int, head: int) -> Frame:
    """Too much is missing for a socket: numbers `first` to `head` are to be read over HTTP."""
    return _text("gap", conversation=conversation_id, **{"from": first}, head=head)


def read(conversation_id: int, seq: int) -> Frame:
    return _text("read", conversation=conversation_id, seq=seq)


def refusal(refused: Refusal, about: Mapping[str, Any]) -> Frame:
    """A no. `about` repeats what tells the client which of its frames is meant; with `retry_ms` that may pass
    later.
    """
    code = "not_member" if isinstance(refused, NotFound) else refused.code
    told: dict[str, Any] = {"code": code if code in _CODES | {"not_member"} else "unavailable", **about}
    if isinstance(refused, TooMany | Unavailable):
        told["retry_ms"] = max(1, round(refused.retry_after * 1000))
    elif refused.status >= 500:
        told["retry_ms"] = RETRY_ACCIDENT_MS
    return _text("refusal", **told)


def typing(conversation_id: int, by: int) -> Frame:
    return _text("typing", conversation=conversation_id, by=by)


def presence(member_id: int, online: bool) -> Frame:
    return _text("presence", member=member_id, online=online)


def _text(kind: str, /, **fields: Any) -> Frame:  # noqa: ANN401 — whatever JSON can say
    return Frame(orjson.dumps({"type": kind, **fields}).decode())
