"""What the short way says of a window is what moving everybody about would find."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from echange.booking.arranging import Standing
from echange.booking.colouring import Line, seat
from echange.booking.nearby import Nearby
from echange.booking.periods import Period

START = datetime(2027, 2, 9, tzinfo=UTC)
LINES = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(0, 60), st.integers(1, 30), st.sampled_from([False, False, True])
    ),
    max_size=14,
)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


@settings(max_examples=300, deadline=None)
@given(LINES, st.integers(0, 80), st.integers(1, 30))
def test_the_short_way_and_the_long_way_agree(
    drawn: list[tuple[int, int, int, bool]], begins: int, lasts: int
) -> None:
    lines: list[Line] = []
    for number, (unit, start, length, fixed) in enumerate(drawn, 1):
        line = Line(number, unit, at(start), at(start + length), fixed)
        if not any(other.unit == unit and other.meets(line) for other in lines):
            lines.append(line)
    standing = Standing((1, 2, 3, 4), tuple(lines))
    window = Period(at(begins), at(begins + lasts))
    least, most = Nearby(standing.units, standing.lines).bounds(window)
    assert least <= most
    if least:
        assert standing.place(window, least) is not None
    assert standing.place(window, most + 1) is None
    if least == most:
        assert standing.room(window) == least


def test_without_any_that_must_stay_the_short_way_is_always_enough() -> None:
    lines = tuple(
        Line(10 * unit + n, unit, at(7 * n + unit), at(7 * n + unit + 5))
        for unit in range(1, 5)
        for n in range(6)
    )
    near = Nearby((1, 2, 3, 4), lines)
    for hour in range(45):
        least, most = near.bounds(Period(at(hour), at(hour + 6)))
        assert least == most


def test_one_that_must_stay_and_begins_later_makes_it_uncertain() -> None:
    lines = (Line(1, 1, at(0), at(5), True), Line(2, 2, at(5), at(10), True))
    assert Nearby((1, 2), lines).bounds(Period(at(4), at(6))) == (0, 1)
    assert seat([*lines, Line(-1, None, at(4), at(6))], (1, 2)) is None
