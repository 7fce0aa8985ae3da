"""A message on its way: into the log, then to the sockets of all who take part."""

from dataclasses import dataclass
from typing import Any, Final

from tortoise.backends.base.client import TransactionalDBClient

from echange.chat import attaching, caution, log, relay, replying
from echange.chat.events import Event
from echange.chat.log import Written
from echange.chat.writer import Writer
from echange.database import after_commit, connection
from echange.http.viewer import Acting

writer: Final = Writer(tell=relay.publish)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says: words, in answer to message number `reply_to`, with attachments of theirs by id.

    Under a `hat` that may speak for its organisation it says so. `slot` proposes a moment.
    """

    body: str
    hat: Acting | None = None
    reply_to: int = 0
    attachments: tuple[int, ...] = ()
    slot: dict[str, Any] | None = None

    @property
    def need_care(self) -> bool:
        """Whether these can not simply be written with all others'."""
        return bool(self.attachments or self.reply_to) or caution.is_called_for(self.body)

    def data(self) -> dict[str, Any]:
        said: dict[str, Any] = {"body": self.body}
        if self.reply_to:
            said["reply_to"] = self.reply_to
        if self.slot:
            said["slot"] = self.slot
        if self.hat is not None and self.hat.may_publish:
            said["for"] = {"id": self.hat.id, "name": self.hat.name}
        return said


async def post(conversation_id: int, *, by: int, client_id: str, words: Words) -> Event:
    """Write a message and tell every socket once it is committed; on return outside of a transaction it is.

    The same `client_id` again gives the first event back and tells nobody. Raises NotFound, SentOtherwise,
    SenderAway, Unreachable, NothingToAttach, NothingToAnswer, TooManyLinks.
    """
    if words.need_care or in_a_transaction():
        return await _post_with_care(conversation_id, by, client_id, words)
    return (await writer.submit(conversation_id, by=by, client_id=client_id, data=words.data())).event


async def _post_with_care(conversation_id: int, by: int, client_id: str, words: Words) -> Event:
    async with log.turn(conversation_id, by=by) as mine:
        data = words.data() | await attaching.named(conversation_id, by, words.attachments)
        if known := await mine.known(client_id, "message", data):
            return known
        await mine.may_write()
        await replying.checked(mine, words.reply_to)
        data |= await caution.exercised(mine, words.body)
        written = await mine.append(client_id, "message", data)
        await attaching.attach(conversation_id, by, words.attachments, written.event.seq)
        return told(written)


def told(written: Written) -> Event:
    """Have a fresh event told to all sockets once it is committed."""
    if written.fresh:
        after_commit(lambda: relay.publish(written))
    return written.event


def in_a_transaction() -> bool:
    return isinstance(connection(), TransactionalDBClient)
