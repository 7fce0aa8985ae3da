"""Random histories of a conversation, as its log would tell them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from echange.chat.amending import REACTIONS
from echange.chat.events import Event, Kind

BEGUN = datetime(2026, 11, 24, 9, tzinfo=UTC)
PEOPLE = (1, 2, 3)


@dataclass
class History:
    """`told` is each event as sockets heard of it; `log` as whoever reads them now."""

    told: list[Event] = field(default_factory=list)
    log: list[Event] = field(default_factory=list)

    def append(self, kind: Kind, by: int, data: dict[str, Any], target: int = 0) -> None:
        seq = len(self.log) + 1
        said = data | ({"target": target} if target else {})
        event = Event(1, seq, kind, by, BEGUN + timedelta(minutes=seq), f"client-{seq}", said)
        self.told.append(event)
        self.log.append(event)
        if kind == "delete":
            self.log = [_emptied(one) if _is_of(one, target) else one for one in self.log]

    def standing(self) -> list[int]:
        return [one.seq for one in self.log if one.kind == "message" and "deleted" not in one.data]

    def read(self, seq: int) -> list[Event]:
        """The log as it was read when it had come to this number."""
        past = History()
        for one in self.told[:seq]:
            data = {name: value for name, value in one.data.items() if name != "target"}
            past.append(one.kind, one.by, data, one.data.get("target", 0))
        return past.log


def _is_of(event: Event, target: int) -> bool:
    return event.seq == target or (event.kind == "edit" and event.data.get("target") == target)


def _emptied(event: Event) -> Event:
    return replace(
        event, data={"deleted": True} | ({"target": event.data["target"]} if "target" in event.data else {})
    )


ACTS = st.sampled_from(
    (
        "say",
        "answer",
        "edit",
        "delete",
        "react",
        "react",
        "react",
        "unreact",
        "unreact",
        "join",
        "leave",
        "rename",
    )
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    history = History()
    for act in draw(st.lists(ACTS, max_size=40)):
        _happen(history, act, draw)
    return history


def _happen(history: History, act: str, draw: st.DrawFn) -> None:
    by = draw(st.sampled_from(PEOPLE))
    words = {"body": draw(st.sampled_from(("Bonjour", "à jeudi !", "ligne\nautre", "🙂", "constructor")))}
    standing = history.standing()
    if act in ("join", "leave"):
        history.append("join" if act == "join" else "leave", by, {"member": draw(st.sampled_from(PEOPLE))})
    elif act == "rename":
        history.append("change", by, {"title": words["body"]})
    elif act == "say" or not standing:
        history.append("message", by, words)
    else:
        _amend(history, act, by, words, draw(st.sampled_from(standing)), draw)


def _amend(history: History, act: str, by: int, words: dict[str, Any], target: int, draw: st.DrawFn) -> None:
    author = history.log[target - 1].by
    if act == "answer":
        history.append("message", by, words | {"reply_to": target, "for": {"id": 3, "name": "La Forge"}})
    elif act == "edit":
        history.append("edit", author, words, target)
    elif act == "delete":
        history.append("delete", author, {}, target)
    else:
        emoji = draw(st.sampled_from(REACTIONS[:2]))
        history.append("reaction", by, {"emoji": emoji, "on": act == "react"}, target)
