"""Conversations as reports and moderators see them: nobody reads one but by the report of who takes part."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from echange.chat import inbox, log
from echange.chat.events import Event
from echange.chat.lines import Line
from echange.chat.models import Conversation, Participant
from echange.chat.thread import message, messages, thread
from echange.http import NotFound, Viewer
from echange.i18n import gettext as _
from echange.members import Member, Reportable, Reported

MESSAGES_KEPT: Final = 20
_PAGE: Final = re.compile(r"/messages/([1-9][0-9]{0,8})(?:/m/[1-9][0-9]{0,8})?")


@dataclass(frozen=True, slots=True)
class Part:
    """A message that may go with a report, by its number."""

    number: int
    who: str
    at: datetime
    words: str


class ReportableConversation:
    """A conversation. It cannot be hidden: it belongs to both. Its evidence is what its reporter chose to
    show, in first and later words; else its last messages.

    `near` is the message it is about, if it is about one: its writer is whom a decision concerns.
    """

    kind = "conversation"
    can_be_hidden = False

    def __init__(self, near: int = 0, chosen: Sequence[int] | None = None) -> None:
        self._near = near
        self._chosen = chosen

    def about(self, part: int, chosen: Sequence[int] | None = None) -> "ReportableConversation":
        """The same for a report of one message, with the messages `chosen` as its evidence."""
        return ReportableConversation(part, chosen)

    async def parts(self, viewer: Viewer, thing_id: int) -> list[Part]:
        """The messages that somebody who reports may choose from: around theirs, else the last ones."""
        talk = await inbox.one(thing_id, viewer.id)
        if self._near:
            _line, lines = await message(talk, viewer, self._near, around=MESSAGES_KEPT // 2)
        else:
            lines = (await thread(talk, viewer)).lines
        return _parts(lines)

    async def visible(self, viewer: Viewer, thing_id: int, numbers: Sequence[int]) -> list[Part]:
        """Those of these messages that the viewer may see, as many as are kept: they may be chosen too."""
        return _parts(await messages(await inbox.one(thing_id, viewer.id), viewer, numbers))

    async def at(self, path: str) -> int | None:
        found = _PAGE.fullmatch(path)
        return int(found[1]) if found else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        """By who takes part only; `owner_id` is who wrote the message it is about, else the other one."""
        if viewer is None or not await Conversation.visible_to(viewer).filter(id=thing_id).exists():
            return None
        talk = await inbox.one(thing_id, viewer.id)
        people = await _people(thing_id)
        concerned = talk.other.id if talk.other else None
        if self._near:
            try:
                line, _around = await message(talk, viewer, self._near)
            except NotFound:
                return None
            concerned = line.entry.by
        title = _("Groupe {name}") if talk.is_group else _("Conversation avec {name}")
        return _reported(thing_id, people, title.format(name=talk.title), concerned)

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        found: dict[int, Reported] = {}
        for conversation in await Conversation.filter(id__in=list(ids)):
            people = await _people(conversation.id)
            names = _(" et ").join(one.name for one in people[:3])
            title = _("Groupe {name}") if conversation.title else _("Conversation entre {names}")
            title = title.format(name=conversation.title, names=names)
            found[conversation.id] = _reported(conversation.id, people, title, None)
        return found

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        conversation = await Conversation.get(id=thing_id)
        events = await self._shown(conversation)
        changes = await log.changes_of(thing_id, [event.seq for event in events])
        writers = await Member.filter(id__in=list({event.by for event in events}))
        names = {one.id: one.name for one in writers}
        return {"title": "", "text": "", "messages": [_kept(event, names, changes) for event in events]}

    async def _shown(self, conversation: Conversation) -> list[Event]:
        if self._chosen is None:
            end = self._near or conversation.head
            return await log.said_before(conversation.id, end + 1, MESSAGES_KEPT)
        chosen = await log.numbered(conversation.id, self._chosen)
        return [event for event in chosen if event.kind == "message"]

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        """Never: what is hidden is the account of who wrote."""
        raise NotImplementedError

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        """Never hidden, never shown again."""
        raise NotImplementedError


def _parts(lines: Sequence[Line]) -> list[Part]:
    said = [line for line in lines if not line.note and not line.entry.gone]
    return [Part(line.entry.seq, line.who, line.entry.at, line.words) for line in said[-MESSAGES_KEPT:]]


def _kept(event: Event, names: Mapping[int, str], changes: Sequence[Event]) -> dict[str, Any]:
    later = [one for one in changes if one.kind == "edit" and one.data["target"] == event.seq]
    return {
        "seq": event.seq,
        "by": event.by,
        "name": names.get(event.by, ""),
        "at": event.at.isoformat(),
        "body": str(event.data.get("body", "")),
        "gone": "deleted" in event.data,
        "files": [str(one.get("filename", "")) for one in event.data.get("attachments", [])],
        "later": [
            {"at": one.at.isoformat(), "body": str(one.data["body"])} for one in later if "body" in one.data
        ],
    }


def _reported(thing_id: int, people: Sequence[Member], title: str, concerned: int | None) -> Reported:
    return Reported(
        kind="conversation",
        id=thing_id,
        title=title,
        url=f"/messages/{thing_id}",
        excerpt="",
        owner_id=concerned,
        involved=frozenset(one.id for one in people),
    )


async def _people(conversation_id: int) -> list[Member]:
    rows = await Participant.filter(conversation_id=conversation_id).select_related("member").order_by("id")
    return [row.member for row in rows]


reportables: Final[tuple[Reportable, ...]] = (ReportableConversation(),)
