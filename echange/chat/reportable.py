"""Conversations as reports and moderators see them: nobody reads one but by the report of who takes part."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from echange.chat import log
from echange.chat.models import Conversation, Participant
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.members import Member, Reportable, Reported

MESSAGES_KEPT: Final = 20
_PAGE: Final = re.compile(r"/messages/([1-9][0-9]{0,8})")


class ReportableConversation:
    """A conversation. It cannot be hidden: it belongs to both. Its evidence is its last messages."""

    kind = "conversation"
    can_be_hidden = False

    async def at(self, path: str) -> int | None:
        found = _PAGE.fullmatch(path)
        return int(found[1]) if found else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        """By who takes part only; `owner_id` is the other one."""
        if not await Conversation.visible_to(viewer).filter(id=thing_id).exists() or viewer is None:
            return None
        people = await _people(thing_id)
        other = next((one for one in people if one.id != viewer.id), None)
        name = other.name if other else ""
        return _reported(thing_id, people, _("Conversation avec {name}").format(name=name), other)

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        found: dict[int, Reported] = {}
        for conversation in await Conversation.filter(id__in=list(ids)):
            people = await _people(conversation.id)
            names = [one.name for one in people]
            title = _("Conversation entre {names}").format(names=_(" et ").join(names))
            found[conversation.id] = _reported(conversation.id, people, title, None)
        return found

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        conversation = await Conversation.get(id=thing_id)
        names = {one.id: one.name for one in await _people(thing_id)}
        events = await log.before(thing_id, conversation.head + 1, MESSAGES_KEPT)
        return {
            "title": "",
            "text": "",
            "messages": [
                {
                    "by": event.by,
                    "name": names.get(event.by, ""),
                    "at": event.at.isoformat(),
                    "body": str(event.data.get("body", "")),
                }
                for event in events
            ],
        }

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        """Never: what is hidden is the account of who wrote."""
        raise NotImplementedError

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        """Never hidden, never shown again."""
        raise NotImplementedError


def _reported(thing_id: int, people: Sequence[Member], title: str, other: Member | None) -> Reported:
    return Reported(
        kind="conversation",
        id=thing_id,
        title=title,
        url=f"/messages/{thing_id}",
        excerpt="",
        owner_id=other.id if other else None,
        involved=frozenset(one.id for one in people),
    )


async def _people(conversation_id: int) -> list[Member]:
    rows = await Participant.filter(conversation_id=conversation_id).select_related("member").order_by("id")
    return [row.member for row in rows]


reportables: Final[tuple[Reportable, ...]] = (ReportableConversation(),)
