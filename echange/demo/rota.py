"""The helpers of the Redoute: their group, the weekly hours of the loan room, and who comes when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from echange.demo.gifts import organisation_named
from echange.demo.people import Person, Place, Row
from echange.http.dates import local
from echange.mutual_aid.rota_terms import Terms

HELP: Final = "rota"
NAME: Final = "Les bras du samedi"
WORDS: Final = (
    "On sort le matériel, on le compte quand il rentre, on boit un café entre les deux. "
    "Deux heures par mois suffisent, on apprend avec quelqu’un."
)
ORGANISATION: Final = "Les Fêtes de la Redoute"
# Weekday, minutes after midnight, minutes long, people, role.
SLOTS: Final = ((3, 18 * 60, 90, 2, "accueil"), (5, 9 * 60, 120, 3, ""))
ORDINARY: Final = 6
"""Helpers whom nobody knows by name; the last one still waits to be taken in."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One day of a slot."""

    id: int
    slot: int
    day: date
    starts: datetime
    ends: datetime
    people: int
    role: str


def helpers(people: Sequence[Person]) -> list[Person]:
    """Who belongs to the group, beside its coordinator."""
    known = [person for person in people if person.handle in {"bob", "charlie"} and person.neighbour]
    met = [person for person in people if person.is_ordinary and person.verified_at]
    return known + met[:ORDINARY]


def coordinator(people: Sequence[Person]) -> Person:
    return next(person for person in people if person.neighbour and person.neighbour.keeps == ORGANISATION)


GROUP_COLUMNS: Final = ("id", "name", "words", "at", "organisation_id", "coordinator_id")
HELPER_COLUMNS: Final = ("at", "accepted_at", "group_id", "member_id")


def group_rows(people: Sequence[Person], place: Place) -> Iterator[Row]:
    at = place.now - timedelta(days=60)
    organisation = organisation_named(ORGANISATION, place)
    yield place.first["helper_group"], NAME, WORDS, at, organisation, coordinator(people).id


def helper_rows(people: Sequence[Person], place: Place) -> Iterator[Row]:
    ours = helpers(people)
    for number, person in enumerate(ours):
        at = place.now - timedelta(days=40 - 4 * number)
        waits = person.is_ordinary and number == len(ours) - 1
        yield at, None if waits else at + timedelta(hours=20), place.first["helper_group"], person.id


SLOT_COLUMNS: Final = ("id", "weekday", "starts", "minutes", "people", "role", "first_day", "help_id")


def slot_rows(place: Place, help_id: int) -> Iterator[Row]:
    for number, (weekday, starts, minutes, people, role) in enumerate(SLOTS, place.first["rota_slot"]):
        yield number, weekday, starts, minutes, people, role, local(place.now).date(), help_id


SHIFT_COLUMNS: Final = ("id", "slot_id", "day", "starts_at", "ends_at", "people", "role")


def shifts(place: Place) -> list[Shift]:
    """Five weeks ahead, as the rota's own job makes them."""
    today, made = local(place.now).date(), []
    number = place.first["shift"]
    for slot, (weekday, starts, minutes, people, role) in enumerate(SLOTS, place.first["rota_slot"]):
        terms = Terms(weekday, starts, minutes, today, people, role)
        for day in terms.days(today):
            begins = terms.begins(day)
            if begins is not None and begins > place.now:
                ends = begins + timedelta(minutes=minutes)
                made.append(Shift(number, slot, day, begins, ends, people, role))
                number += 1
    return made


def shift_rows(made: Sequence[Shift]) -> Iterator[Row]:
    for one in made:
        yield one.id, one.slot, one.day, one.starts, one.ends, one.people, one.role


SIGNUP_COLUMNS: Final = ("at", "waiting", "swap_at", "shift_id", "member_id")


def signup_rows(made: Sequence[Shift], people: Sequence[Person], place: Place) -> Iterator[Row]:
    """The first shifts are full, the next ones partly, the last ones free; somebody looks for a swap."""
    ours = helpers(people)
    in_time = sorted(made, key=lambda one: one.starts)
    for number, shift in enumerate(in_time):
        coming = _who_comes(ours, number)[: shift.people] if number < len(in_time) // 2 else []
        if number in {1, 2}:
            coming = coming[:1]
        for place_in_line, person in enumerate(coming):
            at = place.now - timedelta(hours=60 - number - place_in_line)
            swaps = number == 1 and place_in_line == 0
            yield at, False, at + timedelta(hours=30) if swaps else None, shift.id, person.id
        if number == 0 and len(ours) > shift.people:
            yield place.now - timedelta(hours=12), True, None, shift.id, ours[shift.people].id


def _who_comes(ours: Sequence[Person], week: int) -> list[Person]:
    turn = week % max(1, len(ours))
    return [*ours[turn:], *ours[:turn]]
