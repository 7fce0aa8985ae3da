"""Exchanges of hours between neighbours: told ones, one in every state, and others long settled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final

import orjson

from echange.demo.exchange_stories import OPENINGS, THANKS, TITLES, TOLD, UNDER_MANDATE, ExchangeStory, Step
from echange.demo.gifts import organisation_named
from echange.demo.hours import Accounts, Move
from echange.demo.people import Person, Place, Row, Skill
from echange.demo.phrases import say
from echange.demo.talks import Talk
from echange.exchanges.life import Happening, replayed
from echange.http.dates import local
from echange.http.moments import instant_of
from echange.members import fold

INVENTED: Final = 34
# Somebody who came lately cannot have helped long ago.
TRIES: Final = 300
OLDEST_DAYS: Final = 210
MINUTES: Final = (30, 45, 60, 60, 60, 90, 90, 120, 150)
THANKED_SHARE: Final = 0.8
THANKED_AFTER: Final = timedelta(hours=5)
FIGURES: Final = frozenset({"declared", "countered"})
SETTLING: Final = frozenset({"confirmed", "arbitrated"})


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of an exchange's history: done by `by`, `person` being for whom when not for themselves."""

    kind: Happening
    at: datetime
    by: int | None
    person: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange with its history; a story when somebody tells it."""

    id: int
    giver: Person
    receiver: Person
    title: str
    minutes: int
    history: tuple[Happened, ...]
    skill: int | None = None
    help: int | None = None
    role: str = ""
    place: str = ""
    begins: datetime | None = None
    for_giver: int | None = None
    for_receiver: int | None = None
    thanks: tuple[tuple[Person, str], ...] = ()
    lines: tuple[tuple[Person, datetime, str], ...] = ()

    @property
    def state(self) -> str:
        return str(replayed(one.kind for one in self.history))

    @property
    def proposer(self) -> int:
        first = self.history[0]
        return first.person or first.by or 0

    @property
    def settled(self) -> Happened | None:
        last = self.history[-1]
        return last if last.kind in SETTLING else None

    @property
    def key(self) -> str:
        """Of its transfer."""
        return f"exchange:{self.id}"

    def first(self, *kinds: str) -> Happened | None:
        return next((one for one in self.history if one.kind in kinds), None)

    def last(self, *kinds: str) -> Happened | None:
        return next((one for one in reversed(self.history) if one.kind in kinds), None)


def told(
    people: Sequence[Person], place: Place, helps: Mapping[str, int], owners: dict[str, Person]
) -> Iterator[Exchange]:
    """Those of named neighbours, about `helps` by their keys."""
    known = owners | {person.handle: person for person in people if person.neighbour}
    kept = {person.first_name.lower(): person for person in people if person.kept}
    stories = [*TOLD, *(UNDER_MANDATE if kept else ())]
    for number, story in enumerate(stories, place.first["exchange"]):
        yield _as_told(number, story, known | kept, place, helps)


def _as_told(
    number: int, story: ExchangeStory, known: Mapping[str, Person], place: Place, helps: Mapping[str, int]
) -> Exchange:
    figure = story.minutes
    history = []
    for step in story.steps:
        figure = figure if step.minutes is None else step.minutes
        history.append(_happened(step, figure, story, known, place.now))
    skills = {skill.key: skill.id for skill in place.skills}
    lines = [(known[step.by], place.now - timedelta(hours=step.hours), step.words)
             for step in story.steps[:1] if step.words]  # fmt: skip
    lines += [(known[by], place.now - timedelta(hours=hours), words) for by, hours, words in story.answers]
    for_giver, for_receiver = (
        organisation_named(name, place) if name else None for name in (story.for_giver, story.for_receiver)
    )
    return Exchange(
        number, known[story.giver], known[story.receiver], story.title, story.minutes, tuple(history),
        skills[fold(story.skill)] if story.skill else None, helps[story.help] if story.help else None,
        story.role, story.place, _moment(story, place.now), for_giver, for_receiver,
        tuple((known[by], words) for by, words in story.thanks), tuple(lines),
    )  # fmt: skip


def _happened(
    step: Step, figure: int, story: ExchangeStory, known: Mapping[str, Person], now: datetime
) -> Happened:
    actor = known[step.by] if step.by else None
    acted_for = actor is not None and actor.kept is not None
    by = known[story.acting] if acted_for else actor
    data: dict[str, Any] = {}
    if step.kind == "proposed":
        data = {"minutes": story.minutes}
    elif step.kind in FIGURES:
        data = {"minutes": figure}
    elif step.kind in SETTLING:
        data = {"minutes": figure, "to_fund": 0, "declined": 0}
    if step.words:
        data["words"] = step.words
    kind: Any = step.kind
    return Happened(
        kind, now - timedelta(hours=step.hours), by.id if by else None,
        actor.id if actor and acted_for else None, data,
    )  # fmt: skip


def _moment(story: ExchangeStory, now: datetime) -> datetime | None:
    if story.begins is None:
        return None
    days, hour = story.begins
    return at_hour(now, days, hour)


def at_hour(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """So many days from today, at this hour of the town's clock."""
    day = local(now).date() + timedelta(days=days)
    return instant_of(day, time(hour, minute))


def invented(
    people: Sequence[Person], place: Place, offers: Mapping[int, Sequence[int]], first: int, chance: Random
) -> Iterator[Exchange]:
    """Settled ones of the last months, among neighbours whom the desk has met."""
    met = [one for one in people if one.verified_at and not one.is_staff and not one.kept]
    by_id = {skill.id: skill for skill in place.skills}
    number = first
    for _ in range(TRIES):
        if number == first + INVENTED:
            return
        giver, receiver = chance.sample(met, 2)
        skill = by_id[chance.choice(offers[giver.id])]
        exchange = _invented(number, giver, receiver, skill, place.now, chance)
        if exchange is not None:
            number += 1
            yield exchange


def _invented(
    number: int, giver: Person, receiver: Person, skill: Skill, now: datetime, chance: Random
) -> Exchange | None:
    settled = now - timedelta(days=2 + OLDEST_DAYS * chance.random() ** 1.5, minutes=chance.randrange(600))
    proposed = settled - timedelta(days=3 + 6 * chance.random())
    minutes = chance.choice(MINUTES)
    words = {"giver": giver.first_name, "what": skill.name, "skill": skill.name}
    opening, title = (say(chance.choice(patterns), chance, words) for patterns in (OPENINGS, TITLES))
    thanks = []
    if chance.random() < THANKED_SHARE:
        thanks.append((receiver, say(chance.choice(THANKS), chance, words)))
    if proposed < max(giver.verified_at or now, receiver.verified_at or now):
        return None
    figure = {"minutes": minutes}
    settling = figure | {"to_fund": 0, "declined": 0}
    history = (
        Happened("proposed", proposed, receiver.id, None, figure | {"words": opening}),
        Happened("accepted", proposed + (settled - proposed) * 0.2, giver.id, None, {}),
        Happened("declared", settled - timedelta(hours=9), giver.id, None, figure),
        Happened("confirmed", settled, receiver.id, None, settling),
    )
    return Exchange(number, giver, receiver, title, minutes, history, skill.id, thanks=tuple(thanks))


def payments(exchanges: Sequence[Exchange], accounts: Accounts) -> Iterator[Move]:
    """From whoever received to whoever gave, for those that are settled."""
    for one in exchanges:
        if one.settled and (minutes := one.settled.data["minutes"]):
            receiver, giver = (
                accounts.organisations[organisation] if organisation else accounts.members[person.id]
                for person, organisation in ((one.receiver, one.for_receiver), (one.giver, one.for_giver))
            )
            legs = {receiver: -minutes, giver: minutes}
            about = ("exchange", one.id)
            yield Move("exchange", one.key, one.settled.at, legs, about, one.title, one.proposer)


def settled_or_open(exchanges: Sequence[Exchange], transfers: Mapping[str, int]) -> list[Exchange]:
    """Without those that would have been paid for, and could not be."""
    return [
        one for one in exchanges
        if one.settled is None or not one.settled.data["minutes"] or one.key in transfers
    ]  # fmt: skip


def talks(exchanges: Sequence[Exchange]) -> Iterator[Talk]:
    """Their conversations, where something was said."""
    for one in exchanges:
        if one.lines:
            asker = one.receiver if one.proposer == one.receiver.id else one.giver
            other = one.giver if asker is one.receiver else one.receiver
            if not (asker.kept or other.kept):
                yield Talk(asker, other, None, one.lines, 0, one.id)


COLUMNS: Final = (
    "id", "about_kind", "about_id", "title", "role", "state", "minutes", "starts_at", "place",
    "declared_minutes", "countered", "settled_minutes", "transfer_id", "at", "moved_at", "settled_at",
    "disputed_at", "giver_id", "receiver_id", "proposed_by_id", "declared_by_id", "giver_organisation_id",
    "receiver_organisation_id", "skill_id", "conversation_id",
)  # fmt: skip


def rows(
    exchanges: Sequence[Exchange], transfers: Mapping[str, int], conversations: Mapping[int | None, int]
) -> Iterator[Row]:
    for one in exchanges:
        figure, settled = one.last(*FIGURES), one.settled
        disputed = one.first("disputed", "handed_over")
        last = one.history[-1]
        yield (
            one.id, "help" if one.help else "", one.help, one.title, one.role, one.state, one.minutes,
            one.begins, one.place,
            figure.data["minutes"] if figure else None, figure is not None and figure.kind == "countered",
            settled.data["minutes"] if settled else None, transfers.get(one.key),
            one.history[0].at, last.at, settled.at if settled else None, disputed.at if disputed else None,
            one.giver.id, one.receiver.id, one.proposer, (figure.person or figure.by) if figure else None,
            one.for_giver, one.for_receiver, one.skill, conversations.get(one.id),
        )  # fmt: skip


EVENT_COLUMNS: Final = ("kind", "data", "at", "exchange_id", "by_id", "person_id")


def event_rows(exchanges: Sequence[Exchange]) -> Iterator[Row]:
    for one in exchanges:
        for event in one.history:
            data = orjson.dumps(dict(event.data)).decode()
            yield event.kind, data, event.at, one.id, event.by, event.person


NOTICE_COLUMNS: Final = ("kind", "data", "link", "at", "member_id")


def notice_rows(exchanges: Sequence[Exchange]) -> Iterator[Row]:
    """Of thanks to people without e-mail: the desk has still to tell them."""
    for one in exchanges:
        for by, _words in one.thanks:
            thanked = one.giver if by is one.receiver else one.receiver
            if thanked.kept and one.settled:
                data = {"name": by.name, "title": one.title, "by": by.id}
                at = one.settled.at + THANKED_AFTER
                yield "thanks", orjson.dumps(data).decode(), f"/echanges/{one.id}", at, thanked.id


THANKS_COLUMNS: Final = ("words", "at", "exchange_id", "by_id", "member_id")


def thanks_rows(exchanges: Sequence[Exchange]) -> Iterator[Row]:
    """The oldest first: profiles show the last ones on top."""
    said = [
        (words, one.settled.at + THANKED_AFTER, one.id, by.id,
         (one.giver if by is one.receiver else one.receiver).id)
        for one in exchanges if one.settled for by, words in one.thanks
    ]  # fmt: skip
    yield from sorted(said, key=lambda row: row[1])
