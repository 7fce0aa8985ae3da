"""Helps asked for and offered, with their skills, roles and moments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson

from echange.demo.exchanges import at_hour
from echange.demo.gifts import organisation_named
from echange.demo.help_stories import HELPS, HelpStory
from echange.demo.people import Person, Place, Row
from echange.members import fold
from echange.mutual_aid.rota_terms import AHEAD
from echange.mutual_aid.spans import AFTER_SLOTS, ASK_LASTS, OFFER_LASTS

DAY: Final = timedelta(days=1)
TOLD: Final = 4
TOLD_AFTER: Final = timedelta(minutes=2)
HANDED_ON_AFTER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Help:
    """A story with whose it is, and its instants."""

    id: int
    story: HelpStory
    person: Person
    by: Person
    at: datetime
    slots: tuple[tuple[datetime, datetime], ...]
    ended_at: datetime | None


def helps(people: Sequence[Person], place: Place) -> list[Help]:
    """Each neighbour in turn has one, where the story names nobody."""
    known = {person.handle: person for person in people if person.neighbour}
    kept = {person.first_name.lower(): person for person in people if person.kept}
    met = [person for person in people if person.is_ordinary and person.verified_at]
    turns = met or [known["alice"], known["bob"], known["charlie"]]
    stories = [story for story in HELPS if kept or not story.acting]
    made, others = [], 0
    for number, story in enumerate(stories, place.first["help"]):
        person = (known | kept).get(story.by)
        if person is None:
            person, others = turns[others % len(turns)], others + 1
        made.append(_told(number, story, person, known.get(story.acting, person), place.now))
    return made


def _told(number: int, story: HelpStory, person: Person, by: Person, now: datetime) -> Help:
    at = now - timedelta(hours=story.hours)
    slots = tuple(
        (starts, starts + timedelta(minutes=minutes))
        for days, hour, minutes in story.slots
        for starts in (at_hour(now, days, hour),)
    )
    ended = None if story.ended is None else now - timedelta(hours=story.ended)
    return Help(number, story, person, by, at, slots, ended)


def by_key(made: Sequence[Help]) -> tuple[dict[str, int], dict[str, Person]]:
    """Their ids and whose they are, by the keys of their stories."""
    return {one.story.key: one.id for one in made}, {one.story.key: one.person for one in made}


COLUMNS: Final = (
    "id", "kind", "title", "body", "minutes", "people", "effort", "access", "urgency", "when_text",
    "standing", "counted", "published_at", "vouched_at", "expires_at", "widened_at", "staff_told_at",
    "ended_at", "ending", "quartier_id", "person_id", "by_id", "organisation_id", "group_id",
)  # fmt: skip


def rows(made: Sequence[Help], place: Place, groups: Mapping[str, int]) -> Iterator[Row]:
    """`groups` of helpers by the key of the help that is for them."""
    for one in made:
        story = one.story
        organisation = organisation_named(story.by_organisation, place) if story.by_organisation else None
        told_more = one.at + DAY if story.alone else None
        told_desk = one.at + HANDED_ON_AFTER if story.alone else None
        yield (
            one.id, story.kind, story.title, story.body, story.minutes, story.people, story.effort,
            story.access, story.urgency, story.when, story.standing, story.counted, one.at, one.at,
            # A rota keeps its help open, two weeks beyond its last shift.
            place.now + AHEAD + AFTER_SLOTS if story.key in groups else _ends(one),
            told_more, told_desk, one.ended_at, story.ending if one.ended_at else None,
            one.person.quartier, one.person.id, one.by.id, organisation, groups.get(story.key),
        )  # fmt: skip


def _ends(one: Help) -> datetime | None:
    if one.story.kind == "offer":
        return None if one.story.standing else one.at + OFFER_LASTS
    return max(ends for _starts, ends in one.slots) + AFTER_SLOTS if one.slots else one.at + ASK_LASTS


SKILL_COLUMNS: Final = ("help_id", "skill_id")
ROLE_COLUMNS: Final = ("name", "people", "position", "help_id")
SLOT_COLUMNS: Final = ("starts_at", "ends_at", "help_id")
MATCH_COLUMNS: Final = ("reasons", "at", "told_at", "help_id", "member_id")
EVENT_COLUMNS: Final = ("kind", "data", "at", "help_id", "by_id")


def skill_rows(made: Sequence[Help], place: Place) -> Iterator[Row]:
    ids = {skill.key: skill.id for skill in place.skills}
    for one in made:
        for name in one.story.skills:
            yield one.id, ids[fold(name)]


def role_rows(made: Sequence[Help]) -> Iterator[Row]:
    for one in made:
        for position, (name, people) in enumerate(one.story.roles):
            yield name, people, position, one.id


def slot_rows(made: Sequence[Help]) -> Iterator[Row]:
    for one in made:
        for starts, ends in one.slots:
            yield starts, ends, one.id


def match_rows(made: Sequence[Help], people: Sequence[Person]) -> Iterator[Row]:
    """Of what nobody answers, neighbours of the same quartier were told."""
    met = [person for person in people if person.is_ordinary and person.verified_at]
    for one in made:
        if one.story.alone:
            near = [person for person in met if person.quartier == one.person.quartier]
            for person in [each for each in near if each is not one.person][:TOLD]:
                yield ["quartier"], one.at, one.at + TOLD_AFTER, one.id, person.id


def event_rows(made: Sequence[Help]) -> Iterator[Row]:
    for one in made:
        yield "published", orjson.dumps({"once": ""}).decode(), one.at, one.id, one.by.id
        if one.ended_at and one.story.ending == "expired":
            yield "expired", "{}", one.ended_at, one.id, None
        elif one.ended_at:
            outcome = orjson.dumps({"outcome": one.story.ending}).decode()
            yield "closed", outcome, one.ended_at, one.id, one.by.id
