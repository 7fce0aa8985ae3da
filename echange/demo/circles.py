"""Groups: named neighbours getting a jumble sale ready, with the signs and second thoughts of such talk."""

# ruff: noqa: E501 — what people say stays on one line.

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import orjson

from echange.demo.people import Person, Place, Row


@dataclass(frozen=True)
class Line:
    """Words, `minutes` ago. `answers` is the place of the line it answers, counted from 0.

    `mended` are the words put in their place; under it stand `signs`, by whom.
    """

    by: str
    minutes: int
    body: str
    answers: int | None = None
    mended: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Circle:
    """A group opened by the first of its people; `crowd` neighbours without a story sit in it too."""

    title: str
    people: tuple[str, ...]
    lines: tuple[Line, ...]
    crowd: int = 0
    unread: int = 0


CIRCLES: Final = (
    Circle("Vide-grenier des Alouettes", ("redoute", "alice", "bob", "charlie", "concierge"), unread=2, lines=(
        Line("redoute", 4300, "Bonjour à tous ! La date est tenue : dimanche prochain, installation dès 7 h.", signs={"alice": "👍", "bob": "👍", "concierge": "🎉"}),
        Line("bob", 4210, "J’apporte la remorque et deux tréteaux.", signs={"redoute": "🙏"}),
        Line("alice", 4100, "Je tiens la buvette le matin, pas l’après-midi.", mended="Je tiens la buvette le matin ; l’après-midi, ma sœur prend la suite."),
        Line("charlie", 2890, "Quelqu’un a une rallonge de 25 m ?"),
        Line("concierge", 2875, "La Forge en a trois, je vous les garde.", answers=3, signs={"charlie": "❤️"}),
        Line("redoute", 74, "Il manque deux personnes pour ranger à 18 h. Qui peut ?"),
        Line("bob", 31, "Moi, et mon beau-frère s’il ne le sait pas encore.", answers=5, signs={"redoute": "😄", "alice": "😄"}),
    )),
    Circle("Bureau des Fêtes de la Redoute", ("redoute", "bob"), crowd=10, lines=(
        Line("redoute", 9000, "Ordre du jour de mardi : le repas de quartier, le chapiteau, les clés du local."),
        Line("bob", 8950, "J’ajoute la sono : le prêt de l’an dernier a été rendu sans câble.", signs={"redoute": "👍"}),
        Line("redoute", 8900, "Noté. Rendez-vous à 19 h, porte bleue."),
    )),
)  # fmt: skip

CONVERSATION_COLUMNS: Final = (
    "id", "is_group", "title", "opener_id", "head", "said_seq", "created_at", "last_at",
)  # fmt: skip
PARTICIPANT_COLUMNS: Final = ("read_seq", "joined_at", "conversation_id", "member_id", "role")
EVENT_COLUMNS: Final = ("conversation_id", "seq", "kind", "by_id", "client_id", "data", "at", "target")


def conversation_rows(everybody: Sequence[Person], place: Place, first: int) -> Iterator[Row]:
    for number, (circle, people) in _numbered(everybody, first):
        events = list(_events(number, circle, people, place))
        said = max(event[1] for event in events if event[2] == "message")
        at = {event[1]: event[6] for event in events}
        yield number, True, circle.title, people[0].id, len(events), said, at[1], at[said]


def participant_rows(everybody: Sequence[Person], place: Place, first: int) -> Iterator[Row]:
    for number, (circle, people) in _numbered(everybody, first):
        events = list(_events(number, circle, people, place))
        for person in people:
            waits = circle.unread if person is not people[0] else 0
            said = [event[1] for event in events if event[2] == "message"]
            read = said[-waits - 1] if waits else len(events)
            yield read, events[0][6], number, person.id, "owner" if person is people[0] else "member"


def event_rows(everybody: Sequence[Person], place: Place, first: int) -> Iterator[Row]:
    for number, (circle, people) in _numbered(everybody, first):
        yield from _events(number, circle, people, place)


def _numbered(
    everybody: Sequence[Person], first: int
) -> Iterator[tuple[int, tuple[Circle, Sequence[Person]]]]:
    known = {person.handle: person for person in everybody}
    crowd = [person for person in everybody if person.is_ordinary]
    for number, circle in enumerate(CIRCLES, first):
        yield number, (circle, [*(known[handle] for handle in circle.people), *crowd[: circle.crowd]])


def _events(number: int, circle: Circle, people: Sequence[Person], place: Place) -> Iterator[Row]:
    known = {person.handle: person for person in people}
    opened = place.now - timedelta(minutes=circle.lines[0].minutes + 5)
    seq = 1

    def row(kind: str, by: Person, data: Mapping[str, Any], minutes: int, target: int | None = None) -> Row:
        at = place.now - timedelta(minutes=minutes)
        return number, seq, kind, by.id, f"demo-{number}-{seq}", orjson.dumps(data).decode(), at, target

    first = row("change", people[0], {"title": circle.title, "opened": True}, 0)
    yield *first[:6], opened, None
    said: list[int] = []
    for line in circle.lines:
        seq += 1
        data: dict[str, Any] = {"body": line.body}
        if line.answers is not None:
            data["reply_to"] = said[line.answers]
        said.append(seq)
        yield row("message", known[line.by], data, line.minutes)
        if line.mended:
            seq += 1
            yield row("edit", known[line.by], {"body": line.mended}, line.minutes - 1, said[-1])
        for by, emoji in line.signs.items():
            seq += 1
            yield row("reaction", known[by], {"emoji": emoji, "on": True}, line.minutes - 2, said[-1])
