"""A thread as its page shows it: the part that is asked for, read from the log and folded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from echange.chat import log, slots
from echange.chat.events import Event
from echange.chat.folding import Entry, fold
from echange.chat.lines import Line, Person, lines_of
from echange.chat.talk import Talk
from echange.database import fetch
from echange.http import NotFound, Viewer

SHOWN: Final = 50
SHOWN_AT_MOST: Final = 200
BEFORE_UNREAD: Final = 5
AROUND: Final = 25
# Where few of the events are messages, this often more are read.
LOOKS: Final = 8


@dataclass(frozen=True, slots=True)
class Thread:
    """Part of a conversation. Older messages come before number `older` (0: there are none), the first unread
    one after number `read` (0: it is here, or none is); `whole_tail`: the end is here.

    `quoted` and `people` are for the page's script: what is answered here but stands elsewhere, and names.
    """

    lines: list[Line]
    older: int
    read: int
    whole_tail: bool
    quoted: str
    people: str
    is_group: bool


async def thread(talk: Talk, viewer: Viewer, *, avant: int = 0, autour: int = 0) -> Thread:
    """The end of a conversation, long enough to show what is unread; or what comes before number `avant`;
    or what stands around number `autour`, if that is not near the end."""
    if autour and autour <= talk.head - SHOWN:
        events, older = await _back(talk, viewer, autour + 1, AROUND)
        events += await log.after(talk.id, autour, AROUND, viewer)
    else:
        since_mark = talk.head - talk.read_seq + BEFORE_UNREAD if talk.unread and not avant else 0
        wanted = min(max(SHOWN, since_mark), SHOWN_AT_MOST)
        events, older = await _back(talk, viewer, avant or talk.head + 1, wanted)
    quoted = await _quoted(talk, viewer, events)
    entries = await _standing(talk, viewer, [*quoted, *events])
    people = await _people(talk, entries)
    here = _among(entries, events)
    last = events[-1].seq if events else 0
    beyond = talk.unread and not (avant or autour) and older > talk.read_seq + 1
    return Thread(
        lines=lines_of(here, entries, people, viewer, talk.read_seq),
        older=older,
        read=talk.read_seq if beyond else 0,
        whole_tail=last >= talk.head or not (avant or autour),
        quoted=_json(one.told() for one in entries if one not in here),
        people=_json([one.id, one.name, one.initials, one.tint] for one in people.values()),
        is_group=talk.is_group,
    )


async def message(talk: Talk, viewer: Viewer, seq: int, *, around: int = 0) -> tuple[Line, list[Line]]:
    """One message, and the lines around it; raises NotFound where the viewer sees none of that number."""
    events = await log.before(talk.id, seq + 1, around + 1, viewer)
    if not events or events[-1].seq != seq or events[-1].kind != "message":
        raise NotFound
    events += await log.after(talk.id, seq, around, viewer) if around else []
    entries = await _standing(talk, viewer, [*await _quoted(talk, viewer, events), *events])
    here = _among(entries, events)
    lines = lines_of(here, entries, await _people(talk, entries), viewer, talk.head)
    return next(one for one in lines if one.entry.seq == seq), lines


async def messages(talk: Talk, viewer: Viewer, seqs: Sequence[int]) -> list[Line]:
    """The messages with these numbers, in order; those of which the viewer sees nothing are left out."""
    events = [event for event in await log.numbered(talk.id, seqs, viewer) if event.kind == "message"]
    entries = await _standing(talk, viewer, [*await _quoted(talk, viewer, events), *events])
    return lines_of(_among(entries, events), entries, await _people(talk, entries), viewer, talk.head)


async def _back(talk: Talk, viewer: Viewer, end: int, wanted: int) -> tuple[list[Event], int]:
    """Events before number `end`, about as many of them entries as `wanted`; and where older ones begin."""
    events: list[Event] = []
    for _look in range(LOOKS):
        more = await log.before(talk.id, events[0].seq if events else end, wanted, viewer)
        events = [*more, *events]
        if len(more) < wanted:
            return events, 0
        if sum("target" not in event.data for event in events) >= wanted // 2:
            break
    return events, events[0].seq if events[0].seq > max(talk.from_seq, 1) else 0


async def _quoted(talk: Talk, viewer: Viewer, events: Sequence[Event]) -> list[Event]:
    """The messages answered in these that stand elsewhere: rarely more than a few."""
    here = {event.seq for event in events}
    asked = {int(event.data["reply_to"]) for event in events if "reply_to" in event.data} - here
    return await log.numbered(talk.id, sorted(asked), viewer)


async def _standing(talk: Talk, viewer: Viewer, events: Sequence[Event]) -> list[Entry]:
    events = [*events, *await slots.answers_in(talk.id, events, viewer)]
    said = [event.seq for event in events if event.kind == "message"]
    return fold([*events, *await log.changes_of(talk.id, said, viewer)])


def _among(entries: Iterable[Entry], events: Iterable[Event]) -> list[Entry]:
    """The entries that these events made: neither what they answer elsewhere, nor what answers them there."""
    here = {event.seq for event in events}
    return [one for one in entries if one.seq in here]


async def _people(talk: Talk, entries: Iterable[Entry]) -> dict[int, Person]:
    """Everybody who takes part, and whoever else left something here."""
    seen = {who for entry in entries for who in _named_in(entry)}
    rows = await fetch(
        """SELECT id, name FROM member WHERE id = ANY($2::int[])
               OR id = ANY(ARRAY(SELECT unnest(members) FROM conversation WHERE id = $1))
           ORDER BY id""",
        talk.id,
        list(seen),
    )
    return {row["id"]: Person(row["id"], row["name"]) for row in rows}


def _named_in(entry: Entry) -> Iterator[int]:
    yield entry.by
    for who in entry.reactions.values():
        yield from who
    yield from (entry.data[name] for name in ("member", "by") if name in entry.data)


def _json(values: Iterable[object]) -> str:
    return orjson.dumps(list(values)).decode()
