"""A thread as its page shows it: messages with the rules between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from markupsafe import Markup

from echange.chat import log
from echange.chat.inbox import Talk
from echange.chat.text import linked
from echange.http.dates import day as long_name
from echange.http.dates import local, today
from echange.i18n import gettext as _

SHOWN: Final = 50
SHOWN_AT_MOST: Final = 200
BEFORE_UNREAD: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A message; `day` in words when it is the first of its day, `new` on the first one not yet read.

    `hat` is the organisation in whose name it was written, if any.
    """

    seq: int
    mine: bool
    hat: str
    text: Markup
    at: datetime
    day: str
    new: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """Older messages come before number `older` (0: there are none); `whole_tail`: the end is here."""

    lines: list[Line]
    older: int
    whole_tail: bool


async def thread(talk: Talk, viewer_id: int, avant: int) -> Thread:
    """The end of a conversation, long enough to show what is unread; or what comes before number `avant`."""
    end = avant or talk.head + 1
    since_mark = talk.head - talk.read_seq + BEFORE_UNREAD
    shown = SHOWN if avant else min(max(SHOWN, since_mark), SHOWN_AT_MOST)
    events = await log.before(talk.id, end, shown)
    lines = list(_lines(events, viewer_id, talk.read_seq))
    older = events[0].seq if events and events[0].seq > 1 else 0
    return Thread(lines, older, not avant or avant > talk.head)


def _lines(events: Iterable[log.Event], viewer_id: int, read_seq: int) -> Iterable[Line]:
    last: date | None = None
    seen_new = False
    for event in events:
        day = local(event.at).date()
        new = not seen_new and event.seq > read_seq and event.by != viewer_id
        seen_new = seen_new or new
        yield Line(
            seq=event.seq,
            mine=event.by == viewer_id,
            hat=str(event.data.get("for", {}).get("name", "")),
            text=linked(str(event.data.get("body", ""))),
            at=event.at,
            day=day_in_words(day) if day != last else "",
            new=new,
        )
        last = day


def day_in_words(day: date) -> str:
    """« aujourd’hui », « hier », « samedi 28 novembre »."""
    near = {0: _("aujourd’hui"), 1: _("hier")}
    return near.get((today() - day).days) or long_name(day)
