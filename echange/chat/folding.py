"""What a conversation says now: its events folded into what stands, each message with what became of it.

The page's script folds the same way (messages/fold.js); a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from echange.chat.events import Event, Kind


@dataclass(slots=True)
class Entry:
    """A message as it stands, or somebody's coming, leaving or changing the group.

    `data` is what the log says of it, a message's `body` in its last words. Of what is `gone` nothing is
    left, be it deleted or kept from the reader. `reactions`: who put each sign under it, by number: what is
    heard again changes nothing.
    """

    seq: int
    kind: Kind
    by: int
    at: datetime
    data: dict[str, Any]
    edited: bool = False
    gone: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)

    def empty(self) -> None:
        self.data, self.edited, self.gone, self.reactions = {}, False, True, {}

    def told(self) -> dict[str, Any]:
        """The same for the page's script, which goes on folding from there."""
        names = ("seq", "kind", "by", "at", "data", "edited", "gone", "reactions")
        return {name: getattr(self, name) for name in names}


class Fold:
    """Entries by number, as they stand after the events taken so far."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def take(self, event: Event) -> None:
        """The next event, in the order of numbers. What is about a message not taken changes nothing."""
        if "target" not in event.data:
            self._add(event)
        elif (entry := self._entries.get(event.data["target"])) and not entry.gone:
            _change(entry, event)

    def _add(self, event: Event) -> None:
        if event.seq in self._entries:
            return
        entry = Entry(event.seq, event.kind, event.by, event.at, dict(event.data))
        if "deleted" in event.data:
            entry.empty()
        self._entries[event.seq] = entry


def fold(events: Iterable[Event]) -> list[Entry]:
    """What stands after these events, in whichever order and however often they are given."""
    folding = Fold()
    for _seq, event in sorted({event.seq: event for event in events}.items()):
        folding.take(event)
    return folding.entries()


def _change(entry: Entry, event: Event) -> None:
    if event.kind == "delete":
        entry.empty()
    elif "deleted" in event.data:
        return  # Emptied with its message, or kept from the reader.
    elif event.kind == "edit":
        # A word of caution stays, whatever the words become.
        entry.data |= {name: event.data[name] for name in ("body", "warn") if name in event.data}
        entry.edited = True
    elif event.kind == "reaction":
        _react(entry, event.data["emoji"], event.by, on=event.data["on"])


def _react(entry: Entry, emoji: str, by: int, *, on: bool) -> None:
    who = entry.reactions.get(emoji, [])
    if on and by not in who:
        entry.reactions[emoji] = sorted([*who, by])
    elif not on and by in who:
        left = [one for one in who if one != by]
        entry.reactions[emoji] = left
        if not left:
            del entry.reactions[emoji]
