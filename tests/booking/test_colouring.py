"""Units for bookings of a pool: a way is found where there is one, with as few moves as can be."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import hypothesis.strategies as st
from hypothesis import given, settings

from echange.booking.colouring import Line, moved, peak, seat, settle

START = datetime(2027, 3, 1, tzinfo=UTC)


def line(number: int, unit: int | None, start: int, end: int, *, fixed: bool = False) -> Line:
    """In hours after the start."""
    return Line(number, unit, START + timedelta(hours=start), START + timedelta(hours=end), fixed)


@st.composite
def boards(draw: st.DrawFn) -> tuple[list[Line], list[int]]:
    """Up to three units, some lines that stand on them without meeting, and one or two that need a unit."""
    units = list(range(1, draw(st.integers(1, 3)) + 1))
    lines: list[Line] = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, 6))
        one = line(
            number,
            draw(st.sampled_from(units)),
            start,
            start + draw(st.integers(1, 4)),
            fixed=draw(st.integers(0, 3)) == 0,
        )
        if not any(other.unit == one.unit and other.meets(one) for other in lines):
            lines.append(one)
    for number in range(draw(st.integers(1, 2))):
        start = draw(st.integers(0, 6))
        lines.append(line(-1 - number, None, start, start + draw(st.integers(1, 4))))
    return lines, units


def fewest_moves(lines: Sequence[Line], units: Sequence[int]) -> int | None:
    """By trying them all: how many that had a unit must get another, or None."""
    free = [one for one in lines if not one.fixed]
    found = []
    for given_units in product(units, repeat=len(free)):
        chosen = dict(zip((one.id for one in free), given_units, strict=True))
        if stands(moved(lines, chosen)):
            found.append(sum(one.unit is not None and one.unit != chosen[one.id] for one in free))
    return min(found, default=None)


def stands(lines: Sequence[Line]) -> bool:
    """Whether no two are on one unit at once."""
    return not any(one.unit == other.unit and one.meets(other) for one, other in combinations(lines, 2))


def moves_in(lines: Sequence[Line], placed: Mapping[int, int]) -> int:
    return sum(one.id in placed and one.unit is not None for one in lines)


@settings(max_examples=300, deadline=None)
@given(boards())
def test_a_way_is_found_where_there_is_one_with_the_fewest_moves(board: tuple[list[Line], list[int]]) -> None:
    lines, units = board
    placed = seat(lines, units)
    fewest = fewest_moves(lines, units)
    assert (placed is None) == (fewest is None)
    if placed is not None:
        assert stands(moved(lines, placed))
        assert all(one.id in placed for one in lines if one.unit is None)
        assert not any(one.id in placed for one in lines if one.fixed)
        assert moves_in(lines, placed) == fewest


@settings(max_examples=100, deadline=None)
@given(boards())
def test_who_cannot_be_seated_is_left_out_and_nobody_else(board: tuple[list[Line], list[int]]) -> None:
    lines, units = board
    placed, left_out = settle(lines, units)
    seated = [one for one in moved(lines, placed) if one.id not in left_out]
    assert stands(seated)
    assert {*placed, *left_out} >= {one.id for one in lines if one.unit is None}
    for one in lines:
        if one.id in left_out:
            assert fewest_moves([*seated, one], units) is None


def test_a_large_pool_is_dealt_anew_where_few_moves_do_not_help() -> None:
    units = list(range(30))
    # On every unit a morning ends and an evening begins at hours of their own: few gaps are long enough.
    mornings = [line(unit, unit, 0, 10 + unit) for unit in units]
    evenings = [line(100 + unit, unit, 50 + (unit * 7) % 30, 90) for unit in units]
    wanted = [line(-1 - unit, None, 10 + unit, 50 + unit) for unit in units]
    placed = seat([*mornings, *evenings, *wanted], units)
    assert placed is not None
    assert stands(moved([*mornings, *evenings, *wanted], placed))
    assert seat([*mornings, *evenings, *wanted, line(-99, None, 45, 46)], units) is None


def test_who_has_lines_on_a_withdrawn_unit_does_not_count() -> None:
    assert seat([line(1, 7, 0, 10, fixed=True), line(-1, None, 0, 10)], [8]) == {-1: 8}
    assert seat([line(1, 8, 0, 10), line(-1, None, 0, 10)], [8]) is None
    assert seat([line(-1, None, 0, 10)], []) is None


def test_at_once_means_at_one_instant() -> None:
    assert peak([line(1, 1, 0, 2), line(2, 1, 2, 4), line(3, 1, 1, 3)]) == 2
    assert peak([]) == 0
