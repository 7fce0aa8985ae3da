"""Mandates of those who have no e-mail address, and the book of what was done under them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import orjson

from echange.demo.exchanges import Exchange
from echange.demo.helps import Help
from echange.demo.people import Person, Place, Row

# Handle of who acts ("" for the desk), scopes, days it lasts, days ago, how it was agreed, why.
TERMS: Final = (
    ("", ["help"], 365, 150, "signed", "Demander de l’aide et tenir le compte de ses heures."),
    ("bob", ["appointments", "help"], 182, 60, "spoken", "Son voisin du dessous, d’accord avec sa fille."),
)  # fmt: skip
COLUMNS: Final = (
    "id", "scopes", "days", "consent", "words", "starts_at", "ends_at", "agreed_at", "person_id",
    "helper_id", "made_by_id",
)  # fmt: skip


def rows(people: Sequence[Person], place: Place) -> Iterator[Row]:
    """Signed at the desk, with the person there."""
    known = {person.handle: person for person in people if person.neighbour}
    for number, (person, terms) in enumerate(_mandates(people), place.first["mandate"]):
        helper, scopes, days, ago, consent, words = terms
        at = place.now - timedelta(days=ago)
        yield (
            number, scopes, days, consent, words, at, at + timedelta(days=days), at, person.id,
            known[helper].id if helper else None, known["concierge"].id,
        )  # fmt: skip


ACT_COLUMNS: Final = ("what", "about_kind", "about_id", "data", "at", "mandate_id", "by_id")


def act_rows(
    people: Sequence[Person], place: Place, helps: Sequence[Help], exchanges: Sequence[Exchange]
) -> Iterator[Row]:
    """What was done for them: helps published, exchanges proposed, accepted, confirmed, the oldest first."""
    mandates = {
        person.id: number for number, (person, _terms) in enumerate(_mandates(people), place.first["mandate"])
    }
    began = {number: place.now - timedelta(days=terms[3]) for number, (_person, terms)
             in enumerate(_mandates(people), place.first["mandate"])}  # fmt: skip
    nothing = orjson.dumps({}).decode()
    acts: list[Row] = [
        ("help_published", "help", one.id, nothing, one.at, mandates[one.person.id], one.by.id)
        for one in helps if one.person.id in mandates and one.person is not one.by
    ]  # fmt: skip
    acts += [
        (f"exchange_{event.kind}", "exchange", one.id, nothing, event.at, mandates[event.person], event.by)
        for one in exchanges for event in one.history if event.person in mandates
    ]  # fmt: skip
    acts.sort(key=lambda act: act[4])
    yield from (act for act in acts if act[4] >= began[act[5]])


def _mandates(people: Sequence[Person]) -> list[tuple[Person, tuple[str, list[str], int, int, str, str]]]:
    kept = [person for person in people if person.kept]
    return list(zip(kept, TERMS, strict=False))
