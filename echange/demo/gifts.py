"""Hours given away: welcome hours to everybody, gifts to associations and to all, a hand from the fund."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from echange.demo.hours import WELCOME, Accounts, Move
from echange.demo.names import ASSOCIATIONS
from echange.demo.people import Person, Place

# Who gave, to which association ("" for the solidarity fund), minutes, days ago, with which words.
GIFTS: Final = (
    ("alice", "L’Épicerie Coup de pouce", 45, 70, "Pour celles et ceux qui portent les cageots."),
    ("bob", "Les Fêtes de la Redoute", 60, 48, "Pour le démontage du chapiteau, je n’étais pas là."),
    ("charlie", "", 30, 33, "Pour quelqu’un qui n’ose pas demander."),
    ("redoute", "", 60, 21, ""),
    ("alice", "", 30, 9, "Une demi-heure de couture pour qui en a besoin."),
)  # fmt: skip


def welcomes(people: Sequence[Person], accounts: Accounts) -> Iterator[Move]:
    """Two hours from the town to everybody, on the day they came."""
    for person in people:
        legs = {accounts.town: -WELCOME, accounts.members[person.id]: WELCOME}
        yield Move("welcome", f"welcome:{person.id}", person.since, legs, ("member", person.id))


def gifts(people: Sequence[Person], accounts: Accounts, place: Place) -> Iterator[Move]:
    """What named neighbours gave, and what the desk gave out of it to somebody it keeps."""
    known = {person.handle: person for person in people if person.neighbour}
    for number, (by, to, minutes, days, words) in enumerate(GIFTS, 1):
        giver = known[by]
        target = accounts.organisations[organisation_named(to, place)] if to else accounts.fund
        legs = {accounts.members[giver.id]: -minutes, target: minutes}
        at = place.now - timedelta(days=days)
        yield Move("gift", f"gift:{giver.id}:demo-{number}", at, legs, words=words, by=giver.id)
    desk = known["concierge"]
    for person in [one for one in people if one.kept][:1]:
        legs = {accounts.fund: -60, accounts.members[person.id]: 60}
        yield Move(
            "solidarity", f"solidarity:{desk.id}:demo", place.now - timedelta(days=8), legs,
            ("member", person.id), "Une heure de plus pour monter l’étagère de la cuisine.", desk.id,
        )  # fmt: skip


def organisation_named(name: str, place: Place) -> int:
    """The id of one of our associations."""
    return place.first["organisation"] + [one.name for one in ASSOCIATIONS].index(name)
