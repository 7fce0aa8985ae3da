"""What people do to messages that are written: mend, take back, react. Each is an event of its own."""

from typing import ClassVar, Final

from echange.chat import attaching, caution, log
from echange.chat.events import Event
from echange.chat.log import Turn
from echange.chat.posting import told
from echange.chat.replying import author_of
from echange.chat.signs import SIGNS
from echange.database import execute
from echange.http import Invalid, Refusal
from echange.i18n import mark

REACTIONS: Final = tuple(one.emoji for one in SIGNS)


class NotYours(Refusal):
    status: ClassVar[int] = 403
    code: ClassVar[str] = "not_allowed"
    sentence: ClassVar[str] = mark("Ce message n’est pas le vôtre.")


async def edit(conversation_id: int, *, by: int, client_id: str, target: int, body: str) -> Event:
    """Put other words in the place of a message of one's own. The first ones stay in the log, for reports.

    Raises NotFound for a message that is not (or no longer) there, NotYours, SentOtherwise, SenderAway,
    Unreachable, TooManyLinks.
    """
    data = {"body": body}
    async with log.turn(conversation_id, by=by) as mine:
        if known := await mine.known(client_id, "edit", data, target):
            return known
        await _own(mine, target)
        await mine.may_write()
        noted = await caution.exercised(mine, body, seq=target)
        written = await mine.append(client_id, "edit", data | noted, target)
        await _forget_words(conversation_id, target)
        return told(written)


async def delete(conversation_id: int, *, by: int, client_id: str, target: int) -> Event:
    """Take a message of one's own back: its words are gone everywhere, from its edits too.

    Raises NotFound, NotYours, SentOtherwise.
    """
    async with log.turn(conversation_id, by=by) as mine:
        if known := await mine.known(client_id, "delete", {}, target):
            return known
        await _own(mine, target)
        written = await mine.append(client_id, "delete", {}, target)
        await mine.fade(target)
        await attaching.remove(conversation_id, target)
        await _forget_words(conversation_id, target)
        return told(written)


async def react(conversation_id: int, *, by: int, client_id: str, target: int, emoji: str, on: bool) -> Event:
    """Put one of six signs under a message, or take it away; said again it takes a number, changes nothing.

    Raises Invalid for another sign, NotFound, SentOtherwise, SenderAway, Unreachable.
    """
    if emoji not in REACTIONS:
        raise Invalid
    data = {"emoji": emoji, "on": on}
    async with log.turn(conversation_id, by=by) as mine:
        if known := await mine.known(client_id, "reaction", data, target):
            return known
        await author_of(mine, target)
        await mine.may_write()
        return told(await mine.append(client_id, "reaction", data, target))


async def _own(mine: Turn, target: int) -> None:
    if await author_of(mine, target) != mine.by:
        raise NotYours


async def _forget_words(conversation_id: int, seq: int) -> None:
    """What is found by search is made anew from the words that stand now."""
    await execute("DELETE FROM message_words WHERE conversation_id = $1 AND seq = $2", conversation_id, seq)
