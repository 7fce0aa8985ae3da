"""Members, their skills and their associations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from echange.demo.names import (
    ABOUTS,
    ASSOCIATIONS,
    HEADLINES,
    LANGUAGES,
    MEN,
    NOTES,
    SURNAMES,
    WANT_NOTES,
    WOMEN,
)  # fmt: skip
from echange.demo.neighbours import NEIGHBOURS, Neighbour
from echange.demo.phrases import say
from echange.members import fold

OLDEST_DAYS: Final = 500
MOST_OFFERED: Final = 5

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of the taxonomy."""

    id: int
    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """What is there before anybody moves in: quartiers and skills by id, and the first free ids by table."""

    quartiers: Mapping[str, int]
    skills: Sequence[Skill]
    first: Mapping[str, int]
    now: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody moved in; `neighbour` when everybody knows them by name."""

    id: int
    handle: str
    name: str
    woman: bool
    quartier: int
    since: datetime
    neighbour: Neighbour | None = None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def move_in(count: int, place: Place, chance: Random) -> list[Person]:
    """The named neighbours, then others up to `count` members."""
    oldest = place.now - timedelta(days=OLDEST_DAYS)
    named = [
        Person(
            id=place.first["member"] + index, handle=one.handle, name=one.name, woman=one.handle != "bob",
            quartier=place.quartiers[one.quartier], since=oldest, neighbour=one,
        )
        for index, one in enumerate(NEIGHBOURS)
    ]  # fmt: skip
    quartiers = tuple(place.quartiers.values())
    handles = {person.handle for person in named}
    others = []
    for index in range(len(named), count):
        woman = chance.random() < 0.54
        name = f"{chance.choice(WOMEN if woman else MEN)} {chance.choice(SURNAMES)}"
        # Joined in the order of their ids, the last ones yesterday.
        age = OLDEST_DAYS * (1 - index / count) + chance.random()
        others.append(
            Person(
                id=place.first["member"] + index,
                handle=_free_handle(name, handles),
                name=name,
                woman=woman,
                quartier=chance.choice(quartiers),
                since=place.now - timedelta(days=age),
            )
        )
    return named + others


def _free_handle(name: str, taken: set[str]) -> str:
    plain = slug(name)[:36]
    handle, again = plain, 2
    while handle in taken:
        handle, again = f"{plain}-{again}", again + 1
    taken.add(handle)
    return handle


def slug(name: str) -> str:
    """A name for an address."""
    return "-".join("".join(char if char.isalnum() else " " for char in fold(name)).split())


MEMBER_COLUMNS: Final = (
    "id", "handle", "name", "sort_key", "email", "confirmed_at", "password_hash",
    "headline", "about", "languages", "locale", "created_at", "quartier_id",
)  # fmt: skip


def member_rows(people: Sequence[Person], password_hash: str, chance: Random) -> Iterator[Row]:
    for person in people:
        headline, about = _words_of(person, chance)
        yield (
            person.id, person.handle, person.name, fold(person.name), f"{person.handle}@echange.example",
            person.since, password_hash, headline, about, chance.choice(LANGUAGES), "fr", person.since,
            person.quartier,
        )  # fmt: skip


def _words_of(person: Person, chance: Random) -> tuple[str, str]:
    if person.neighbour:
        return person.neighbour.headline, person.neighbour.about
    headline = chance.choice(HEADLINES)[0 if person.woman else 1] if chance.random() < 0.8 else ""
    return headline, say(chance.choice(ABOUTS), chance, {}) if chance.random() < 0.7 else ""


SKILL_COLUMNS: Final = ("wanted", "note", "position", "member_id", "skill_id")


def skill_rows(people: Sequence[Person], place: Place, chance: Random) -> Iterator[Row]:
    by_key = {skill.key: skill.id for skill in place.skills}
    ids = [skill.id for skill in place.skills]
    for person in people:
        if person.neighbour:
            offers = [by_key[fold(name)] for name in person.neighbour.offers]
            wants = [by_key[fold(name)] for name in person.neighbour.wants]
        else:
            count = chance.randint(1, MOST_OFFERED)
            picked = chance.sample(ids, count + chance.randint(0, 4))
            offers, wants = picked[:count], picked[count:]
        for position, skill_id in enumerate(offers):
            yield False, chance.choice(NOTES), position, person.id, skill_id
        for position, skill_id in enumerate(wants):
            yield True, chance.choice(WANT_NOTES), position, person.id, skill_id


def role_rows(people: Sequence[Person]) -> Iterator[Row]:
    for person in people:
        for role in person.neighbour.roles if person.neighbour else ():
            yield person.id, role


ORGANISATION_COLUMNS: Final = ("id", "slug", "name", "sort_key", "rna", "about", "created_at", "quartier_id")


def organisation_rows(place: Place) -> Iterator[Row]:
    for index, one in enumerate(ASSOCIATIONS):
        yield (
            place.first["organisation"] + index, slug(one.name), one.name, fold(one.name),
            f"W94{1_002_617 + 3_541 * index}", one.about, place.now - timedelta(days=OLDEST_DAYS - index),
            place.quartiers[one.quartier],
        )  # fmt: skip


def membership_rows(people: Sequence[Person], place: Place, chance: Random) -> Iterator[Row]:
    """An owner each, known ones where they said so, and a handful of people around them."""
    keepers = {
        person.neighbour.keeps: person for person in people if person.neighbour and person.neighbour.keeps
    }
    ordinary = [person for person in people if person.neighbour is None]
    for index, one in enumerate(ASSOCIATIONS):
        owner = keepers.get(one.name) or (ordinary or people)[index % len(ordinary or people)]
        others = chance.sample(ordinary, min(len(ordinary), chance.randint(4, 14)))
        helpers = [person for person in others if person.id != owner.id]
        organisation = place.first["organisation"] + index
        yield "owner", owner.id, organisation
        for place_in_line, person in enumerate(helpers):
            yield "manager" if place_in_line == 0 else "member", person.id, organisation
