"""Conversations: neighbours answer annonces and write to each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

import orjson

from echange.demo.annonces import FIRST_ANSWER, Annonce
from echange.demo.dialogues import BY_KIND
from echange.demo.people import Person, Place, Row
from echange.demo.phrases import say
from echange.demo.stories import QUEUE, TALKS
from echange.demo.stories import Talk as Told

UNREAD_SHARE: Final = 0.3
UNREAD_FOR: Final = timedelta(days=3)
SEEN_AFTER: Final = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Talk:
    """`asker` began it; lines are (by, at, body). `unread` of the last ones wait for the other one."""

    asker: Person
    other: Person
    ad: Annonce | None
    lines: tuple[tuple[Person, datetime, str], ...]
    unread: int
    exchange: int | None = None

    @property
    def about(self) -> tuple[str, int] | tuple[None, None]:
        """What kind of thing it is about, and which."""
        if self.ad:
            return "ad", self.ad.id
        return ("exchange", self.exchange) if self.exchange else (None, None)

    @property
    def key(self) -> str:
        kind, number = self.about
        if kind:
            return f"{kind}:{number}:{self.asker.id}"
        low, high = sorted((self.asker.id, self.other.id))
        return f"direct:{low}:{high}"

    def read_seq(self, person: Person) -> int:
        """How far `person` has read: all, but for what the other one wrote last."""
        waits = self.unread and self.lines[-1][0] is not person
        return len(self.lines) - (self.unread if waits else 0)


def talks(
    count: int,
    ads: Sequence[Annonce],
    people: Sequence[Person],
    place: Place,
    chance: Random,
    others: Iterable[Talk] = (),
) -> list[Talk]:
    """The told ones and `others`, then up to `count` about `ads`, in the order they began."""
    made = [*_told(ads, people, place), *others]
    spoken = {talk.key for talk in made}
    open_ads = [ad for ad in ads if ad.story is None and ad.published_at]
    for _ in range(count - len(made) if open_ads else 0):
        talk = _invented(chance.choice(open_ads), people, place, chance)
        if talk and talk.key not in spoken:
            spoken.add(talk.key)
            made.append(talk)
    return sorted(made, key=lambda talk: talk.lines[0][1])


def _told(ads: Sequence[Annonce], people: Sequence[Person], place: Place) -> Iterator[Talk]:
    known = {person.handle: person for person in people}
    stories = {ad.story.key: ad for ad in ads if ad.story}
    for told in TALKS:
        if told.about is None or told.about in stories:
            yield _as_told(told, known, stories, place.now)


def _as_told(told: Told, known: Mapping[str, Person], stories: Mapping[str, Annonce], now: datetime) -> Talk:
    asker, other = (known[handle] for handle in told.between)
    lines = tuple((known[by], now - timedelta(minutes=minutes), body) for by, minutes, body in told.lines)
    return Talk(asker, other, stories[told.about] if told.about else None, lines, told.unread)


def _invented(ad: Annonce, people: Sequence[Person], place: Place, chance: Random) -> Talk | None:
    asker = chance.choice(people)
    if asker is ad.owner or asker.is_staff or asker.kept or ad.published_at is None:
        return None
    words = {"asker": asker.first_name, "owner": ad.owner.first_name}
    lines = []
    at = ad.published_at
    for index, pattern in enumerate(chance.choice(BY_KIND[ad.kind])):
        at += timedelta(minutes=5 + 600 * chance.random() ** 3)
        if at >= (ad.closed_at or place.now):
            break
        lines.append((asker if index % 2 == 0 else ad.owner, at, say(pattern, chance, words)))
    if not lines:
        return None
    recent = place.now - lines[-1][1] < UNREAD_FOR
    unread = int(recent and chance.random() < UNREAD_SHARE)
    return Talk(asker, ad.owner, ad, tuple(lines), unread)


CONVERSATION_COLUMNS: Final = (
    "id",
    "key",
    "about_kind",
    "about_id",
    "head",
    "said_seq",
    "created_at",
    "last_at",
)
PARTICIPANT_COLUMNS: Final = ("read_seq", "joined_at", "conversation_id", "member_id")
EVENT_COLUMNS: Final = ("conversation_id", "seq", "kind", "by_id", "client_id", "data", "at")
ANSWER_COLUMNS: Final = ("at", "ad_id", "conversation_id", "member_id")


def conversation_rows(talks: Sequence[Talk], first: int) -> Iterator[Row]:
    for number, talk in enumerate(talks, first):
        yield (
            number,
            talk.key,
            *talk.about,
            len(talk.lines),
            len(talk.lines),
            talk.lines[0][1],
            talk.lines[-1][1],
        )


def participant_rows(talks: Sequence[Talk], first: int) -> Iterator[Row]:
    for number, talk in enumerate(talks, first):
        for person in (talk.asker, talk.other):
            yield talk.read_seq(person), talk.lines[0][1], number, person.id


def event_rows(talks: Sequence[Talk], first: int) -> Iterator[Row]:
    for number, talk in enumerate(talks, first):
        for seq, (by, at, body) in enumerate(talk.lines, 1):
            yield (
                number,
                seq,
                "message",
                by.id,
                f"demo-{number}-{seq}",
                orjson.dumps({"body": body}).decode(),
                at,
            )


def answer_rows(talks: Sequence[Talk], first: int) -> Iterator[Row]:
    for number, talk in enumerate(talks, first):
        if talk.ad:
            yield talk.lines[0][1], talk.ad.id, number, talk.asker.id


QUEUE_COLUMNS: Final = ("at", "note", "when_text", "carry", "ad_id", "member_id")


def queue_rows(ads: Sequence[Annonce], people: Sequence[Person]) -> Iterator[Row]:
    """Neighbours who would like a gift that many want; nothing is promised yet."""
    others = [person for person in people if person.is_ordinary]
    for ad in ads:
        if ad.story and ad.story.fair and ad.published_at:
            for number, ((note, when, carry), person) in enumerate(zip(QUEUE, others, strict=False)):
                at = ad.published_at + FIRST_ANSWER + number * timedelta(minutes=31)
                yield at, note, when, carry, ad.id, person.id


NOTICE_COLUMNS: Final = ("kind", "data", "link", "at", "read_at", "member_id")


def notice_rows(talks: Sequence[Talk], first: int) -> Iterator[Row]:
    """Owners were told of each answer; they have seen it unless the message still waits too."""
    for number, talk in enumerate(talks, first):
        if talk.ad:
            at = talk.lines[0][1]
            data = orjson.dumps({"name": talk.asker.name, "title": talk.ad.title}).decode()
            seen = at + SEEN_AFTER if talk.read_seq(talk.other) else None
            yield "answer", data, f"/messages/{number}", at, seen, talk.other.id
