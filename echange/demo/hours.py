"""Hours that moved before today: the books of the ledger, written as its own triggers would have."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from echange.demo.people import Row

# Told neighbours and invented ones stay far from the limits, so that whoever tries the town has room.
COMFORT: Final = 360
WELCOME: Final = 120


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts by whose they are: members' and organisations' by id; and who may owe."""

    members: Mapping[int, int]
    organisations: Mapping[int, int]
    floors: Mapping[int, int | None]
    town: int
    fund: int


@dataclass(frozen=True, slots=True)
class Move:
    """Minutes that moved at an instant, by account. `words` with them, written by `by`."""

    kind: str
    key: str
    at: datetime
    legs: Mapping[int, int]
    about: tuple[str, int | None] = ("", None)
    words: str = ""
    by: int | None = None


@dataclass(slots=True)
class _Held:
    balance: int = 0
    entries: int = 0


@dataclass(slots=True)
class Book:
    """Moves in the order of time; what is beyond somebody's means is not booked."""

    floors: Mapping[int, int | None]
    first: int
    booked: list[Move] = field(default_factory=list)
    _held: dict[int, _Held] = field(default_factory=dict)
    _entries: list[Row] = field(default_factory=list)

    def enter(self, moves: Iterable[Move]) -> None:
        """Book what can be, the oldest first."""
        for move in sorted(moves, key=lambda one: one.at):
            if all(self._may(account, minutes) for account, minutes in move.legs.items()):
                self._enter(move)

    @property
    def ids(self) -> dict[str, int]:
        """The number of each transfer, by its key."""
        return {move.key: number for number, move in enumerate(self.booked, self.first)}

    def _may(self, account: int, minutes: int) -> bool:
        after = self._of(account).balance + minutes
        floor = self.floors.get(account)
        return minutes > 0 or floor is None or after >= max(floor, -COMFORT)

    def _enter(self, move: Move) -> None:
        number = self.first + len(self.booked)
        self.booked.append(move)
        for account, minutes in sorted(move.legs.items()):
            held = self._of(account)
            held.balance += minutes
            held.entries += 1
            self._entries.append((number, account, minutes, held.entries, held.balance))

    def _of(self, account: int) -> _Held:
        return self._held.setdefault(account, _Held())

    def transfer_rows(self) -> Iterator[Row]:
        for number, move in enumerate(self.booked, self.first):
            yield number, move.kind, move.key, *move.about, move.at

    def entry_rows(self) -> Iterator[Row]:
        return iter(self._entries)

    def note_rows(self) -> Iterator[Row]:
        for number, move in enumerate(self.booked, self.first):
            if move.by is not None:
                yield number, move.words, move.at, move.by


TRANSFER_COLUMNS: Final = ("id", "kind", "key", "about_kind", "about_id", "at")
ENTRY_COLUMNS: Final = ("transfer_id", "account_id", "minutes", "number", "balance")
NOTE_COLUMNS: Final = ("transfer_id", "words", "at", "by_id")
