"""What is looked at twice before it is written: much of it is ordinary, some of it is a trap."""

from typing import Any, Final

from echange.chat import newcomers
from echange.chat.log import Turn
from echange.chat.smells import smells
from echange.database import fetch_value

_SPOKE_BEFORE: Final = """
    SELECT EXISTS (SELECT FROM event WHERE conversation_id = $1 AND by_id = $2 AND kind = 'message'
                   AND ($3::int IS NULL OR seq < $3))"""


def is_called_for(body: str) -> bool:
    """Whether these words need more than to be written."""
    return newcomers.has_many_links(body) or bool(smells(body))


async def exercised(mine: Turn, body: str, *, seq: int | None = None) -> dict[str, Any]:
    """What is noted beside the words for both sides: `warn` names the traps they look like, when they are the
    first that their writer says here. `seq` is the message that they mend, if they mend one.

    Raises TooManyLinks.
    """
    if newcomers.has_many_links(body):
        await newcomers.check_links(mine.by)
    codes = smells(body)
    if codes and not await fetch_value(_SPOKE_BEFORE, mine.conversation, mine.by, seq):
        return {"warn": codes}
    return {}
