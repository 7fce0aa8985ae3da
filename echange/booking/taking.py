"""Units are taken, moved to another time, and given back before they were used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from asyncpg import Range

from echange.booking.arranging import book, hold, move, padded, standing
from echange.booking.periods import Period
from echange.booking.refusals import HoldLapsed, NotFree
from echange.booking.rules import FURTHEST, check
from echange.booking.sites import Terms, terms_of
from echange.database import fetch, fetch_one, fetch_value, in_transaction
from echange.database.again import again
from echange.http.dates import now
from echange.http.refusals import NotFound, Refusal

# Models whose terms one process keeps in mind.
MOST_KNOWN: Final = 10_000


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking's number, and its units by model."""

    id: int
    units: Mapping[int, tuple[int, ...]]


@again
async def take(
    wanted: Mapping[int, int],
    period: Period,
    *,
    kind: str = "booked",
    hold_for: timedelta | None = None,
    staff: bool = False,
    granted: bool = False,
) -> Booked:
    """Book so many units of each model for this period, all or none: "booked", or "held" for a while only.

    The staff may use office hours, and need no notice; of what is left of a use that was `granted` before, no
    rule is asked again. Raises NotFree, what a rule refuses (`rules.check`),
    NotFound where there is no such model.
    """
    if not wanted or min(wanted.values()) < 1:
        raise NotFound
    known = _recalled(wanted)
    if known is not None and (granted or _refusal(known, period, staff=staff) is None):
        booked = await _book(_Asked(known, wanted, period, kind, hold_for))
        if booked is not None:
            return booked
    while True:
        told = await allowed(wanted, period, staff=staff, granted=granted)
        booked = await _book(_Asked(told, wanted, period, kind, hold_for))
        if booked is not None:
            return booked


async def allowed(
    wanted: Mapping[int, int],
    period: Period,
    *,
    staff: bool = False,
    was: Period | None = None,
    granted: bool = False,
) -> dict[int, Terms]:
    """What is asked of these models, which this period keeps to; raises the first refusal, or NotFound."""
    terms = await terms_of(wanted, Period(now(), now() + FURTHEST))
    if len(terms) != len(wanted):
        raise NotFound
    _remember(terms)
    refusal = None if granted else _refusal(terms, period, staff=staff, was=was)
    if refusal is not None:
        raise refusal
    return terms


def _refusal(
    terms: Mapping[int, Terms], period: Period, *, staff: bool, was: Period | None = None
) -> Refusal | None:
    try:
        for model in sorted(terms):
            check(terms[model].rules, terms[model].hours, period, now(), staff=staff, was=was)
    except Refusal as refusal:
        return refusal
    return None


def _recalled(models: Iterable[int]) -> dict[int, Terms] | None:
    """As it was when last read; booking by it finds out whether it still is so."""
    terms = {model: _known[model] for model in models if model in _known}
    return terms if len(terms) == len(list(models)) else None


def _remember(terms: Mapping[int, Terms]) -> None:
    if len(_known) > MOST_KNOWN:
        _known.clear()
    _known.update(terms)


_known: Final[dict[int, Terms]] = {}


class _Asked:
    """What is wanted, in the order of models, and what these ask for."""

    def __init__(
        self,
        terms: Mapping[int, Terms],
        wanted: Mapping[int, int],
        period: Period,
        kind: str,
        hold_for: timedelta | None,
    ) -> None:
        self.wanted: Final = dict(sorted(wanted.items()))
        self.told: Final = [terms[model].told_at for model in self.wanted]
        self.named: Final = list(wanted.values()) == [1] and all(one.named for one in terms.values())
        self.terms: Final = terms
        self.period: Final = period
        self.kind: Final = kind
        self.hold_for: Final = hold_for if kind == "held" else None

    @property
    def windows(self) -> dict[int, Period]:
        """The period with the minutes around it, by model."""
        return {model: padded(self.terms[model].rules, self.period) for model in self.wanted}

    @property
    def values(self) -> tuple[Range, str, timedelta | None]:
        return Range(self.period.start, self.period.end), self.kind, self.hold_for


async def _book(asked: _Asked) -> Booked | None:
    """None when the terms are others by now. Raises NotFree."""
    return await (_take_named(asked) if asked.named else _take_free(asked))


async def _take_named(asked: _Asked) -> Booked | None:
    [model] = asked.wanted
    row = await fetch_one(
        "SELECT booking, unit, stale FROM book_named($1, $2, $3, $4, $5)", model, asked.told[0], *asked.values
    )
    assert row is not None  # noqa: S101 — a function always answers
    if row["stale"]:
        return None
    if row["booking"] is None:
        raise NotFree(model)
    return Booked(row["booking"], {model: (row["unit"],)})


async def _take_free(asked: _Asked) -> Booked | None:
    """One question if there are units that nobody has meanwhile."""
    row = await fetch_one(
        "SELECT booking, units, stale FROM book_pool($1, $2, $3, $4, $5, $6)",
        list(asked.wanted),
        asked.told,
        list(asked.wanted.values()),
        *asked.values,
    )
    assert row is not None  # noqa: S101 — a function always answers
    if row["stale"]:
        return None
    if row["booking"] is None:
        return await _make_room(asked)
    units = iter(row["units"])
    found = {model: tuple(next(units) for _ in range(quantity)) for model, quantity in asked.wanted.items()}
    return Booked(row["booking"], found)


async def _make_room(asked: _Asked) -> Booked:
    """Let others have other units, so that there is one for the whole time."""
    # Whoever comes too late hears it without waiting for the lock.
    await _room(asked)
    async with in_transaction():
        await hold(asked.wanted)
        found, moves = await _room(asked)
        await move(moves)
        units = [unit for each in found.values() for unit in each]
        number = await book(units, asked.period, asked.kind, asked.hold_for)
        return Booked(number, {model: tuple(each) for model, each in found.items()})


async def _room(asked: _Asked) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Units by model, and the moves to be made for them. Raises NotFree."""
    found: dict[int, list[int]] = {}
    moves: dict[int, int] = {}
    windows = asked.windows
    stood = await standing(windows, min(window.start for window in windows.values()))
    for model, quantity in asked.wanted.items():
        settled, moves_before = stood[model].settled()
        placed = settled.place(windows[model], quantity)
        if placed is None:
            raise NotFree(model, settled.room(windows[model]))
        found[model], moves_for_it = placed
        moves |= moves_before | moves_for_it
    return found, moves


@again
async def confirm(booking_id: int) -> bool:
    """Book what was held; False when it was before. Raises HoldLapsed when it was given to somebody else."""
    told = await fetch_one("SELECT stands, confirmed FROM confirm_booking($1)", booking_id)
    if told is None or not told["stands"]:
        raise HoldLapsed
    return bool(told["confirmed"])


@again
async def free(booking_id: int, units: Iterable[int] | None = None) -> int:
    """Give back what is held or booked and not out, or only these units; how many: 0 the second time."""
    chosen = None if units is None else list(units)
    freed: int = await fetch_value("SELECT free_booking($1, $2)", booking_id, chosen)
    return freed


async def units_of(booking_ids: Iterable[int]) -> dict[int, dict[int, tuple[int, ...]]]:
    """By booking and model the units that stand under it, whatever became of them."""
    found: dict[int, dict[int, tuple[int, ...]]] = {number: {} for number in booking_ids}
    rows = await fetch(
        """SELECT booking_id, model_id, array_agg(unit_id ORDER BY unit_id) AS units FROM booking_allocation
           WHERE booking_id = ANY($1::bigint[]) GROUP BY booking_id, model_id ORDER BY model_id""",
        list(found),
    )
    for row in rows:
        found[row["booking_id"]][row["model_id"]] = tuple(row["units"])
    return found
