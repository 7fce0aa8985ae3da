"""A moment to meet: proposed in a message, answered by others in theirs. The last answer of each counts.

A message that proposes says `slot: {start, end, place}`; one that answers it says `reply_to` and
`slot: {agreed}`. Both have words of their own for lists, mails and whoever knows no slots.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Final

from echange.chat import log, posting
from echange.chat.events import Event
from echange.chat.folding import Entry
from echange.chat.posting import Words
from echange.http import Invalid, NotFound, Refusal, Viewer
from echange.http.dates import day as long_name
from echange.http.dates import hour, now, today
from echange.http.viewer import Acting
from echange.i18n import gettext as _
from echange.i18n import mark

AHEAD: Final = timedelta(days=732)
LONGEST: Final = timedelta(days=1)


class OwnSlot(Refusal):
    code: ClassVar[str] = "own_slot"
    sentence: ClassVar[str] = mark(
        "C’est votre proposition : attendez la réponse, ou proposez un autre moment."
    )


class SlotOver(Refusal):
    code: ClassVar[str] = "slot_over"
    sentence: ClassVar[str] = mark("Ce moment est passé. Proposez-en un autre.")


@dataclass(frozen=True, slots=True)
class Slot:
    """From `start` to `end`, at a `place` if one is named."""

    start: datetime
    end: datetime
    place: str

    @property
    def over(self) -> bool:
        return self.end <= now()

    @property
    def hours(self) -> str:
        """« 10 h – 11 h 30 »."""
        return f"{hour(self.start)} – {hour(self.end)}"

    def told(self) -> dict[str, Any]:
        return {
            "start": self.start.astimezone(UTC).isoformat(),
            "end": self.end.astimezone(UTC).isoformat(),
            "place": self.place,
        }

    def in_words(self) -> str:
        words = _("Je propose {day}, {hours}").format(day=long_name(self.start), hours=self.hours)
        return f"{words}, {self.place}" if self.place else words


@dataclass(frozen=True, slots=True)
class Meeting(Slot):
    """A slot as its card shows it: by name who agreed, who asks for another day; `answer` is the viewer's."""

    agreed: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    answer: bool | None = None


def check(slot: Slot) -> None:
    """Raises Invalid unless it lies ahead, within two years, and lasts a day at most."""
    if slot.end <= slot.start:
        raise Invalid({"end": [_("La fin vient après le début.")]})
    if slot.end - slot.start > LONGEST:
        raise Invalid({"end": [_("Un créneau dure un jour au plus.")]})
    if slot.start <= now():
        raise Invalid({"start": [_("Ce moment est déjà passé.")]})
    if slot.start > now() + AHEAD:
        raise Invalid({"start": [_("C’est trop loin : choisissez un jour des deux prochaines années.")]})


def is_near(day: date) -> bool:
    """Whether the day is one that a slot may have; far ones have no instants."""
    return abs(day - today()) <= AHEAD + timedelta(days=2)


async def propose(conversation_id: int, slot: Slot, *, by: int, client_id: str, hat: Acting | None) -> Event:
    """Write a message that proposes this. Raises Invalid, and what `posting.post` raises."""
    check(slot)
    words = Words(slot.in_words(), hat, slot=slot.told())
    return await posting.post(conversation_id, by=by, client_id=client_id, words=words)


async def answer(
    conversation_id: int, seq: int, viewer: Viewer, *, agreed: bool, client_id: str, hat: Acting | None
) -> Event:
    """Answer the slot in message number `seq`; who says the same again says it once.

    Raises NotFound where there is none, OwnSlot, SlotOver, and what `posting.post` raises.
    """
    asked, answers = await _asked(conversation_id, seq, viewer)
    if asked.by == viewer.id:
        raise OwnSlot
    own = [event for event in answers if event.by == viewer.id]
    if own and own[-1].data["slot"]["agreed"] == agreed:
        return own[-1]
    if _slot(asked.data).over:
        raise SlotOver
    said = _("Ça me va") if agreed else _("Plutôt un autre jour")
    words = Words(said, hat, reply_to=seq, slot={"agreed": agreed})
    return await posting.post(conversation_id, by=viewer.id, client_id=client_id, words=words)


async def found(conversation_id: int, seq: int, viewer: Viewer) -> tuple[Slot, bool]:
    """The slot in message number `seq`, and whether somebody agreed to it last. Raises NotFound."""
    asked, answers = await _asked(conversation_id, seq, viewer)
    return _slot(asked.data), any(_last_said(answers, asked.by).values())


async def _asked(conversation_id: int, seq: int, viewer: Viewer) -> tuple[Event, list[Event]]:
    events = await log.numbered(conversation_id, [seq], viewer)
    if not events or not _proposes(events[0].data):
        raise NotFound
    return events[0], await answers_in(conversation_id, events, viewer)


async def answers_in(conversation_id: int, events: Iterable[Event], viewer: Viewer) -> list[Event]:
    """The answers to all slots that these events propose, in order."""
    asked = [event.seq for event in events if _proposes(event.data)]
    return await log.slot_answers(conversation_id, asked, viewer) if asked else []


def meeting(
    entry: Entry, entries: Iterable[Entry], names: Mapping[int, str], viewer_id: int
) -> Meeting | None:
    """The slot that an entry proposes, with the answers to it among `entries`; None where there is none."""
    if not _proposes(entry.data):
        return None
    answers = [one for one in entries if one.data.get("reply_to") == entry.seq and _answers(one.data)]
    said = _last_said(sorted(answers, key=lambda one: one.seq), entry.by)
    slot = _slot(entry.data)
    return Meeting(
        slot.start,
        slot.end,
        slot.place,
        agreed=tuple(names[who] for who, agreed in said.items() if agreed),
        otherwise=tuple(names[who] for who, agreed in said.items() if not agreed),
        answer=said.get(viewer_id),
    )


def _last_said(answers: Iterable[Event | Entry], by: int) -> dict[int, bool]:
    """By member: whether they agreed, last. Nobody agrees with themselves."""
    return {one.by: bool(one.data["slot"]["agreed"]) for one in answers if one.by != by}


def _proposes(data: Mapping[str, Any]) -> bool:
    return "start" in data.get("slot", ())


def _answers(data: Mapping[str, Any]) -> bool:
    return "agreed" in data.get("slot", ())


def _slot(data: Mapping[str, Any]) -> Slot:
    said = data["slot"]
    return Slot(datetime.fromisoformat(said["start"]), datetime.fromisoformat(said["end"]), said["place"])
