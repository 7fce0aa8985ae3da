"""Annonces by the thousand: the stories of the named neighbours among them, in the order of time."""

import heapq
from bisect import bisect
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from echange.ads.categories import CATEGORIES
from echange.ads.kinds import endings_of
from echange.ads.prices import cents_in
from echange.demo.names import ASSOCIATIONS
from echange.demo.patterns import PATTERNS, Pattern
from echange.demo.people import Person, Place, Row
from echange.demo.phrases import say
from echange.demo.stories import DRAFT, FIRST_STEPS, STORIES, Story

DAYS: Final = 64
LASTS: Final = timedelta(days=60)
STANDING_SHARE: Final = 0.25
CLOSED_SHARE: Final = 0.08
FIRST_ANSWER: Final = timedelta(minutes=20)
# Patterns that came up a moment ago wait for their turn.
RECENT_PATTERNS: Final = 24
# Past so many, titles repeat: there are only so many things in a cellar.
TITLES_KEPT: Final = 1_000
SHARES: Final = {
    "give": 30, "sell": 11, "swap": 7, "lend": 13, "seek": 13,
    "service_offered": 13, "service_sought": 9, "lost": 2, "found": 2,
}  # fmt: skip
DRAWN_AS: Final = {category.drawing: category.slug for category in reversed(CATEGORIES.values())}


@dataclass(frozen=True, slots=True)
class Annonce:
    """One annonce; `story` is its key when a named neighbour tells it."""

    id: int
    owner: Person
    kind: str
    title: str
    body: str
    category: str
    price: str
    published_at: datetime | None
    closed_at: datetime | None = None
    outcome: str | None = None
    story: Story | None = None
    organisation: int | None = None
    own: "Own" = field(default_factory=lambda: Own())
    standing: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """Fields of one kind or another."""

    condition: str = ""
    grams: int | None = None
    terms: str = ""
    lend_days: int | None = None


COLUMNS: Final = (
    "id", "kind", "title", "body", "category", "price_text", "price_cents",
    "created_at", "published_at", "closed_at", "owner_id", "quartier_id", "organisation_id",
    "condition", "weight_grams", "terms", "lend_days", "happened_on",
    "standing", "fair", "queue_opens_at", "queue_told_at", "vouched_at", "expires_at",
    "expired_at", "held_at",
)  # fmt: skip


def row(ad: Annonce, now: datetime) -> Row:
    born = ad.published_at
    created = born - timedelta(minutes=7) if born else now - timedelta(hours=DRAFT.hours)
    over = ad.expires_at is not None and ad.expires_at <= now and ad.closed_at is None
    fair = ad.story is not None and ad.story.fair
    first = born + FIRST_ANSWER if born and fair else None
    held = ad.story is not None and ad.story in FIRST_STEPS
    return (
        ad.id, ad.kind, ad.title, ad.body, ad.category, ad.price,
        cents_in(ad.price) if ad.kind == "sell" else None,
        created, born, ad.closed_at, ad.owner.id, ad.owner.quartier, ad.organisation,
        ad.own.condition, ad.own.grams, ad.own.terms, ad.own.lend_days,
        born.date() if born and ad.kind in {"lost", "found"} else None,
        ad.standing, fair, first + timedelta(days=1) if first else None, first,
        born, ad.expires_at, ad.expires_at if over else None, born if held else None,
    )  # fmt: skip


def annonces(count: int, people: Sequence[Person], place: Place, chance: Random) -> Iterator[Annonce]:
    """`count` annonces, oldest first, ids in the same order; a draft of Alice's comes on top."""
    if count == 0:
        return
    known = {person.handle: person for person in people}
    stories = STORIES[:count]
    newcomers = [person for person in people[count_named(people) :] if person.verified_at is None]
    if len(stories) + len(FIRST_STEPS) < count and len(newcomers) >= len(FIRST_STEPS):
        first_steps = {
            story.key: person for story, person in zip(FIRST_STEPS, reversed(newcomers), strict=False)
        }
        stories = (*stories, *FIRST_STEPS)
    else:
        first_steps = {}
    moments = heapq.merge(
        ((moment, None) for moment in _moments(count - len(stories), place.now, chance)),
        sorted(
            ((place.now - timedelta(hours=story.hours), story) for story in stories), key=lambda each: each[0]
        ),
        key=lambda each: each[0],
    )
    patterns, number = _Patterns(chance), place.first["ad"] - 1
    owners = [person for person in people if not (person.is_staff or person.kept)]
    for moment, story in moments:
        number += 1
        if story:
            owner = first_steps.get(story.key) or known[story.by]
            yield _told(number, story, owner, moment, place)
        else:
            yield _invented(number, patterns, owners, moment, place.now, chance)
    yield _told(number + 1, DRAFT, known[DRAFT.by], None, place)


def count_named(people: Sequence[Person]) -> int:
    """How many of them everybody knows by name; they come first."""
    return sum(1 for person in people if person.neighbour)


def _told(number: int, story: Story, owner: Person, moment: datetime | None, place: Place) -> Annonce:
    ends = moment + LASTS if moment and not story.standing else None
    if story.ends_in_days is not None:
        ends = place.now + timedelta(days=story.ends_in_days)
    names = [one.name for one in ASSOCIATIONS]
    return Annonce(
        number, owner, story.kind, story.title, story.body, DRAWN_AS.get(story.drawing, ""),
        story.price, moment, story=story,
        organisation=place.first["organisation"] + names.index(story.by_organisation)
        if story.by_organisation else None,
        own=Own(story.condition, story.grams), standing=story.standing, expires_at=ends,
    )  # fmt: skip


def _invented(
    number: int,
    patterns: "_Patterns",
    owners: Sequence[Person],
    moment: datetime,
    now: datetime,
    chance: Random,
) -> Annonce:
    pattern, words = patterns.next(), dict[str, str]()
    # A few neighbours have much to say, most a little.
    owner = owners[int(len(owners) * chance.random() ** 1.4)]
    price = chance.choice(pattern.prices) if pattern.prices else ""
    closed_at = outcome = None
    if chance.random() < CLOSED_SHARE:
        closed_at = moment + (now - moment) * chance.random()
        outcome = endings_of(pattern.kind)[0 if chance.random() < 0.85 else -1][0]
    standing = pattern.kind in {"service_offered", "lend"} and chance.random() < STANDING_SHARE
    return Annonce(
        number, owner, pattern.kind, patterns.fresh_title(pattern, words), say(pattern.body, chance, words),
        DRAWN_AS.get(pattern.drawing, ""), price, moment, closed_at, outcome,
        own=_own(pattern.kind, chance), standing=standing, expires_at=None if standing else moment + LASTS,
    )  # fmt: skip


def _own(kind: str, chance: Random) -> Own:
    condition = chance.choice(("", "new", "good", "good", "worn", "repair"))
    if kind == "give":
        return Own(condition, chance.choice((None, 500, 2_000, 5_000, 15_000)))
    if kind in {"sell", "swap"}:
        return Own(condition)
    if kind in {"service_offered", "service_sought"}:
        return Own(terms=chance.choice(("", "free", "hours", "hours", "quote")))
    return Own(lend_days=chance.choice((None, 1, 3, 7, 14)) if kind == "lend" else None)


class _Patterns:
    """Draws patterns so that no two of the same meet."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._recent: deque[int] = deque(maxlen=RECENT_PATTERNS)
        self._titles: set[str] = set()
        self._drawing = ""
        counts = {kind: sum(pattern.kind == kind for pattern in PATTERNS) for kind in SHARES}
        total = 0.0
        self._cumulated = [
            total := total + SHARES[pattern.kind] / counts[pattern.kind] for pattern in PATTERNS
        ]

    def next(self) -> Pattern:
        while True:
            index = bisect(self._cumulated, self._chance.random() * self._cumulated[-1])
            pattern = PATTERNS[index]
            if index not in self._recent and pattern.drawing != self._drawing:
                self._recent.append(index)
                self._drawing = pattern.drawing
                return pattern

    def fresh_title(self, pattern: Pattern, words: dict[str, str]) -> str:
        title = say(pattern.title, self._chance, words)
        tries = 6 if len(self._titles) < TITLES_KEPT else 0
        while title in self._titles and tries:
            title, tries = say(pattern.title, self._chance, words), tries - 1
        self._titles.add(title)
        return title


def _moments(count: int, now: datetime, chance: Random) -> Iterator[datetime]:
    """Instants of the last weeks at hours when people are up, a little denser lately."""
    midnight = now.replace(hour=0, minute=0, second=0).timestamp()
    latest = now.timestamp() - 240
    seconds = []
    for _ in range(count):
        moment = (
            midnight - 86_400 * int(DAYS * chance.random() ** 1.3) + 23_400 + int(chance.random() * 52_200)
        )
        seconds.append(moment - 86_400 if moment > latest else moment)
    seconds.sort()
    return (datetime.fromtimestamp(moment, UTC) for moment in seconds)
