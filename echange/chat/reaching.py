"""Whom one may turn to: members' rules, and those under age whom one knows from a conversation."""

from typing import Final

from echange import members
from echange.database import fetch_value
from echange.http import NotFound
from echange.members import Unreachable

# They opened it, or answered in it.
_TURNED_TO: Final = """
    SELECT EXISTS (
        SELECT FROM participant p JOIN conversation c ON c.id = p.conversation_id
        WHERE p.member_id = $1 AND NOT c.is_group AND $2 = ANY(c.members)
          AND (c.opener_id = $1 OR EXISTS (
              SELECT FROM event WHERE conversation_id = c.id AND by_id = $1 AND kind = 'message')))"""


async def check_reach(sender_id: int, member_id: int) -> None:
    """Raises NotFound where no block, pause or departure lets them meet; Unreachable for a member under age
    who neither knows the sender (members.check_reach) nor has turned to them.
    """
    try:
        await members.check_reach(sender_id, member_id)
    except Unreachable:
        if not await fetch_value(_TURNED_TO, member_id, sender_id):
            raise


async def may_reach(sender_id: int, member_id: int) -> bool:
    """The same as a yes or a no."""
    try:
        await check_reach(sender_id, member_id)
    except (NotFound, Unreachable):
        return False
    return True
