"""Members, their skills and their associations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from echange.demo.neighbours import KEPT, NEIGHBOURS, Kept, Neighbour
from echange.demo.phrases import say
from echange.members import fold

OLDEST_DAYS: Final = 500
MOST_OFFERED: Final = 5
VERIFIED_SHARE: Final = 0.6
VOUCHED_SHARE: Final = 0.2
LEVELS: Final = (1, 2, 2, 2, 3)
TERMS: Final[tuple[list[str], ...]] = (
    ["free"],
    ["free"],
    ["hours"],
    ["hours"],
    ["free", "hours"],
    ["quote"],
    [],
)
ACCESSIBILITY: Final = (
    *("",) * 6,
    "Parlez-moi face à face, je lis sur les lèvres.",
    "Sans escalier, s’il vous plaît.",
)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of the taxonomy; `key` is its folded name."""

    id: int
    key: str
    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Place:
    """What is there before anybody moves in: quartiers and skills by id, and the first free ids by table."""

    quartiers: Mapping[str, int]
    skills: Sequence[Skill]
    first: Mapping[str, int]
    now: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody moved in; `neighbour` when everybody knows them by name, `kept` when the desk keeps them."""

    id: int
    handle: str
    name: str
    woman: bool
    quartier: int
    since: datetime
    neighbour: Neighbour | None = None
    kept: Kept | None = None
    verified_at: datetime | None = None

    @property
    def is_ordinary(self) -> bool:
        """Neither known by name to everybody nor kept by the desk."""
        return self.neighbour is None and self.kept is None

    @property
    def is_staff(self) -> bool:
        return self.neighbour is not None and bool(self.neighbour.roles)

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def move_in(count: int, place: Place, chance: Random) -> list[Person]:
    """The named neighbours, with enough room those whom the desk keeps, then others up to `count`."""
    oldest = place.now - timedelta(days=OLDEST_DAYS)
    named = [
        Person(
            id=place.first["member"] + index, handle=one.handle, name=one.name, woman=one.handle != "bob",
            quartier=place.quartiers[one.quartier], since=oldest, neighbour=one,
            verified_at=oldest + timedelta(days=3 + index),
        )
        for index, one in enumerate(NEIGHBOURS)
    ]  # fmt: skip
    handles = {person.handle for person in named}
    if count >= len(named) + len(KEPT):
        named += [_kept(place.first["member"] + len(named) + index, one, place, handles)
                  for index, one in enumerate(KEPT)]  # fmt: skip
    quartiers = tuple(place.quartiers.values())
    others = []
    for index in range(len(named), count):
        woman = chance.random() < 0.54
        name = f"{chance.choice(WOMEN if woman else MEN)} {chance.choice(SURNAMES)}"
        # Joined in the order of their ids, the last ones yesterday.
        age = OLDEST_DAYS * (1 - index / count) + chance.random()
        since = place.now - timedelta(days=age)
        met = since + timedelta(days=2 + 10 * chance.random())
        others.append(
            Person(
                id=place.first["member"] + index,
                handle=_free_handle(name, handles),
                name=name,
                woman=woman,
                quartier=chance.choice(quartiers),
                since=since,
                verified_at=met if chance.random() < VERIFIED_SHARE and met < place.now else None,
            )
        )
    return named + others


def _kept(number: int, one: Kept, place: Place, handles: set[str]) -> Person:
    since = place.now - timedelta(days=one.days)
    return Person(
        id=number, handle=_free_handle(one.name, handles), name=one.name, woman=one.woman,
        quartier=place.quartiers[one.quartier], since=since, kept=one, verified_at=since,
    )  # fmt: skip


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
    "verified_at", "availability", "accessibility", "kept_by_desk", "phone",
)  # fmt: skip


def member_rows(people: Sequence[Person], password_hash: str, chance: Random) -> Iterator[Row]:
    for person in people:
        headline, about = _words_of(person, chance)
        yield (
            person.id, person.handle, person.name, fold(person.name),
            "" if person.kept else f"{person.handle}@echange.example",
            person.since, None if person.kept else password_hash, headline, about,
            chance.choice(LANGUAGES), "fr", person.since,
            person.quartier, person.verified_at, _moments(chance), chance.choice(ACCESSIBILITY),
            person.kept is not None, person.kept.phone if person.kept else "",
        )  # fmt: skip


def _moments(chance: Random) -> int:
    """Some half-days of a week: a bit for each of three moments of seven days."""
    return sum(1 << chance.randrange(21) for _ in range(chance.randint(0, 5))) & 0x1FFFFF


def verification_rows(people: Sequence[Person]) -> Iterator[Row]:
    """The desk has met them."""
    by_handle = {person.handle: person.id for person in people[: len(NEIGHBOURS)]}
    for person in people:
        if person.verified_at:
            by = "concierge" if person.handle != "concierge" else "admin"
            yield person.verified_at, by_handle[by], person.id


def cooptation_rows(people: Sequence[Person], chance: Random) -> Iterator[Row]:
    """Neighbours vouch for each other, the named ones among themselves."""
    verified = [person for person in people if person.verified_at and not person.kept]
    pairs = {(by, whom) for by in people[:4] for whom in people[:4] if by is not whom}
    pairs |= {
        (chance.choice(verified), whom)
        for whom in people
        if whom.is_ordinary and chance.random() < VOUCHED_SHARE
    }
    for by, whom in sorted(pairs, key=lambda pair: (pair[0].id, pair[1].id)):
        if by.id != whom.id:
            yield max(by.since, whom.since) + timedelta(hours=1), by.id, whom.id


def _words_of(person: Person, chance: Random) -> tuple[str, str]:
    if person.neighbour:
        return person.neighbour.headline, person.neighbour.about
    if person.kept:
        return "", ""
    headline = chance.choice(HEADLINES)[0 if person.woman else 1] if chance.random() < 0.8 else ""
    return headline, say(chance.choice(ABOUTS), chance, {}) if chance.random() < 0.7 else ""


SKILL_COLUMNS: Final = ("wanted", "note", "position", "level", "terms", "member_id", "skill_id")


def skill_rows(people: Sequence[Person], place: Place, chance: Random) -> Iterator[Row]:
    by_key = {skill.key: skill.id for skill in place.skills}
    ids = [skill.id for skill in place.skills]
    for person in people:
        if known := person.neighbour or person.kept:
            offers = [by_key[fold(name)] for name in known.offers]
            wants = [by_key[fold(name)] for name in known.wants]
        else:
            count = chance.randint(1, MOST_OFFERED)
            picked = chance.sample(ids, count + chance.randint(0, 4))
            offers, wants = picked[:count], picked[count:]
        for position, skill_id in enumerate(offers):
            note, level, terms = chance.choice(NOTES), chance.choice(LEVELS), chance.choice(TERMS)
            yield False, note, position, level, terms, person.id, skill_id
        for position, skill_id in enumerate(wants):
            yield True, chance.choice(WANT_NOTES), position, None, [], person.id, skill_id


def offers_in(rows: Iterable[Row]) -> dict[int, list[int]]:
    """Of rows of skills: what each member offers, by ids."""
    offers: dict[int, list[int]] = {}
    for wanted, *_others, member_id, skill_id in rows:
        if not wanted:
            offers.setdefault(member_id, []).append(skill_id)
    return offers


def role_rows(people: Sequence[Person]) -> Iterator[Row]:
    for person in people:
        for role in person.neighbour.roles if person.neighbour else ():
            yield person.id, role


ORGANISATION_COLUMNS: Final = (
    "id", "slug", "name", "sort_key", "kind", "rna", "siret", "about", "created_at", "quartier_id",
    "verified_at", "verified_by_id",
)  # fmt: skip


def organisation_rows(place: Place) -> Iterator[Row]:
    """All met by the desk but the last association and the last professional."""
    desk = place.first["member"] + next(
        index for index, one in enumerate(NEIGHBOURS) if "concierge" in one.roles
    )
    unmet = {one.name for one in {one.kind: one for one in ASSOCIATIONS if one.kind != "municipal"}.values()}
    for index, one in enumerate(ASSOCIATIONS):
        since = place.now - timedelta(days=OLDEST_DAYS - index)
        met = None if one.name in unmet else since + timedelta(days=12)
        yield (
            place.first["organisation"] + index, slug(one.name), one.name, fold(one.name), one.kind,
            f"W94{1_002_617 + 3_541 * index}" if one.kind == "association" else None,
            _siret(index) if one.kind == "professional" else None, one.about, since,
            place.quartiers[one.quartier], met, desk if met else None,
        )  # fmt: skip


def _siret(index: int) -> str:
    """Fourteen digits that belong to nobody, with the Luhn key that a SIRET ends with."""
    digits = [int(char) for char in f"900{index:02d}94120001"]
    doubled = [digit if place % 2 else 2 * digit for place, digit in enumerate(digits)]
    return "".join(map(str, digits)) + str(-sum(sum(divmod(one, 10)) for one in doubled) % 10)


def membership_rows(people: Sequence[Person], place: Place, chance: Random) -> Iterator[Row]:
    """An owner each, known ones where they said so, and a handful of people around them."""
    known = {person.handle: person for person in people if person.neighbour}
    keepers = {
        person.neighbour.keeps: person for person in people if person.neighbour and person.neighbour.keeps
    }
    ordinary = [person for person in people if person.is_ordinary]
    for index, one in enumerate(ASSOCIATIONS):
        owner = (
            keepers.get(one.name)
            or known.get(one.keeper)
            or (ordinary or people)[index % len(ordinary or people)]
        )
        crowd = chance.randint(4, 14) if one.kind == "association" else 1
        others = chance.sample(ordinary, min(len(ordinary), crowd))
        helpers = [person for person in others if person.id != owner.id]
        organisation = place.first["organisation"] + index
        yield "owner", owner.id, organisation
        for place_in_line, person in enumerate(helpers):
            yield "manager" if place_in_line == 0 else "member", person.id, organisation
