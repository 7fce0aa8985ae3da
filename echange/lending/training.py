"""Trainings read: whose somebody has, who has one, what an item asks for, whom to ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from echange import chat
from echange.database import fetch, fetch_value, in_transaction
from echange.http import NotFound, Refusal, Viewer, hat_of
from echange.http.dates import local
from echange.http.viewer import Portrait
from echange.i18n import gettext as _
from echange.lending.loan_people import deciders_of
from echange.lending.managing import may_manage
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.models.training import Training
from echange.lending.seeing import lender_shown_to, myself
from echange.members import Member, OutOfScope, Unreachable, fold, met_by

FOUND_AT_MOST: Final = 10
PEOPLE_SHOWN: Final = 500
_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Mine:
    """A training somebody has: of whom, until when (the last day) where it ends."""

    id: int
    name: str
    lender: str
    until: date | None
    over: bool


@dataclass(frozen=True, slots=True)
class TrainedPerson(Portrait):
    """Who has a training, for the lender's people."""

    id: int
    name: str
    handle: str
    until: date | None
    over: bool

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A training in its lender's list."""

    id: int
    name: str
    words: str
    closed: bool
    people: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an item asks for, and whether this viewer has it."""

    id: int
    name: str
    words: str
    has: bool
    closed: bool


async def trainings_of(member_id: int) -> list[Mine]:
    """What somebody has, what ended last; by name."""
    rows = await fetch(
        """SELECT t.id, t.name, d.until, coalesce(m.name, o.name, p.name) AS lender,
                  coalesce(d.until < now(), false) AS over
           FROM trained d JOIN training t ON t.id = d.training_id JOIN lender l ON l.id = t.lender_id
           LEFT JOIN member m ON m.id = l.member_id LEFT JOIN organisation o ON o.id = l.organisation_id
           LEFT JOIN place p ON p.id = l.place_id
           WHERE d.member_id = $1 ORDER BY over, t.name, t.id""",
        member_id,
    )
    return [Mine(row["id"], row["name"], row["lender"], _last_day(row["until"]), row["over"]) for row in rows]


async def my_trainings(viewer: Viewer) -> list[Mine]:
    """The viewer's own, or those of the person for whom they act."""
    return await trainings_of(myself(viewer))


async def trainings_by(lender: Lender) -> list[TrainingLine]:
    """A lender's, those still given first."""
    rows = await fetch(
        """SELECT t.id, t.name, t.words, t.closed_at IS NOT NULL AS closed,
                  (SELECT count(*) FROM trained d WHERE d.training_id = t.id
                       AND (d.until IS NULL OR d.until >= now())) AS people
           FROM training t WHERE t.lender_id = $1 ORDER BY closed, t.name, t.id""",
        lender.id,
    )
    return [TrainingLine(**row) for row in rows]


async def people_with(training: Training) -> list[TrainedPerson]:
    """Who has it, by name; none who left for good."""
    rows = await fetch(
        """SELECT m.id, m.name, m.handle, d.until, coalesce(d.until < now(), false) AS over
           FROM trained d JOIN member m ON m.id = d.member_id
           WHERE d.training_id = $1 AND m.left_at IS NULL ORDER BY over, m.sort_key, m.id LIMIT $2""",
        training.id,
        PEOPLE_SHOWN,
    )
    return [
        TrainedPerson(row["id"], row["name"], row["handle"], _last_day(row["until"]), row["over"])
        for row in rows
    ]


async def find_people(words: str, viewer: Viewer) -> list[Member]:
    """Who answers to this handle, else whose name holds these words, as this viewer may meet them."""
    if found := await met_by(viewer).filter(handle=words.lower()).first():
        return [found]
    key = fold(words)
    if len(key) < 2:
        return []
    return list(
        await met_by(viewer).filter(sort_key__contains=key).order_by("sort_key", "id").limit(FOUND_AT_MOST)
    )


async def wanted_by(item: Item, viewer: Viewer | None) -> Wanted | None:
    """The training that an item asks for; None where it asks for none."""
    if item.training_id is None:
        return None
    training = await Training.get(id=item.training_id)
    has = viewer is not None and await has_training(training.id, myself(viewer))
    return Wanted(training.id, training.name, training.words, has, training.closed_at is not None)


async def has_training(training_id: int, member_id: int) -> bool:
    """Whether somebody has it just now."""
    has: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM trained WHERE training_id = $1 AND member_id = $2
                          AND (until IS NULL OR until >= now()))""",
        training_id,
        member_id,
    )
    return has


async def ask_for(item: Item, *, by: Viewer) -> int:
    """Write to the lender that one would like the training that this item asks for; the conversation's id.

    Raises NotFound where it asks for none, OutOfScope under a mandate, Unreachable.
    """
    if by.behalf is not None:
        raise OutOfScope
    if item.training_id is None:
        raise NotFound
    training = await Training.get(id=item.training_id)
    words = _("Bonjour, j’aimerais suivre la formation « {training} » pour utiliser « {title} ».").format(
        training=training.name, title=item.title
    )
    for other in await deciders_of(item.lender_id, item.id):
        if other == by.id:
            continue
        try:
            async with in_transaction():
                conversation = await chat.Conversation.open_direct(between=(by.id, other))
                await conversation.post(by=by.id, client_id=chat.client_id(), body=words, hat=hat_of(by))
        except Refusal:
            # The next of its people may answer.
            continue
        return conversation.id
    raise Unreachable


async def seen_training(training_id: int, viewer: Viewer | None) -> Training | None:
    """A training of a lender whom this viewer may meet, or manages."""
    related = Training.filter(id=training_id).select_related(
        "lender", "lender__member", "lender__organisation", "lender__place"
    )
    training = await related.first()
    if training is None:
        return None
    if lender_shown_to(training.lender, viewer) or await may_manage(viewer, training.lender):
        return training
    return None


def _last_day(until: datetime | None) -> date | None:
    # An end at midnight is the end of the day before.
    return None if until is None else (local(until) - _INSTANT).date()
