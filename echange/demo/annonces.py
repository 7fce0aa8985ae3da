"""Annonces by the thousand: the stories of the named neighbours among them, in the order of time."""

import heapq
from bisect import bisect
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from echange.ads.categories import CATEGORIES
from echange.ads.kinds import endings_of
from echange.demo.patterns import PATTERNS, Pattern
from echange.demo.people import Person, Place, Row
from echange.demo.phrases import say
from echange.demo.stories import DRAFT, STORIES, Story

DAYS: Final = 60
CLOSED_SHARE: Final = 0.08
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
    story: str | None = None


COLUMNS: Final = (
    "id", "kind", "title", "body", "category", "price_text",
    "created_at", "published_at", "closed_at", "owner_id", "quartier_id",
)  # fmt: skip


def row(ad: Annonce, now: datetime) -> Row:
    created = (
        ad.published_at - timedelta(minutes=7) if ad.published_at else now - timedelta(hours=DRAFT.hours)
    )
    return (
        ad.id, ad.kind, ad.title, ad.body, ad.category, ad.price, created, ad.published_at, ad.closed_at,
        ad.owner.id, ad.owner.quartier,
    )  # fmt: skip


def annonces(count: int, people: Sequence[Person], place: Place, chance: Random) -> Iterator[Annonce]:
    """`count` annonces, oldest first, ids in the same order; a draft of Alice's comes on top."""
    if count == 0:
        return
    known = {person.handle: person for person in people}
    stories = STORIES[:count]
    moments = heapq.merge(
        ((moment, None) for moment in _moments(count - len(stories), place.now, chance)),
        sorted(
            ((place.now - timedelta(hours=story.hours), story) for story in stories), key=lambda each: each[0]
        ),
        key=lambda each: each[0],
    )
    patterns, number = _Patterns(chance), place.first["ad"] - 1
    owners = [person for person in people if not (person.neighbour and person.neighbour.roles)]
    for moment, story in moments:
        number += 1
        if story:
            yield _told(number, story, known, moment)
        else:
            yield _invented(number, patterns, owners, moment, place.now, chance)
    yield _told(number + 1, DRAFT, known, None)


def _told(number: int, story: Story, known: Mapping[str, Person], moment: datetime | None) -> Annonce:
    return Annonce(
        number, known[story.by], story.kind, story.title, story.body, DRAWN_AS.get(story.drawing, ""),
        story.price, moment, story=story.key,
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
    return Annonce(
        number, owner, pattern.kind, patterns.fresh_title(pattern, words), say(pattern.body, chance, words),
        DRAWN_AS.get(pattern.drawing, ""), price, moment, closed_at, outcome,
    )  # fmt: skip


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
