"""Whom one may turn to: members' rules, and those under age whom one knows from a conversation."""

from typing import ClassVar, Final

from echange import members
from echange.database import fetch_value
from echange.http import NotFound
from echange.i18n import mark
from echange.members import Unreachable

# They opened it, or answered in it.
_TURNED_TO: Final = """
    SELECT EXISTS (
        SELECT FROM participant p JOIN conversation c ON c.id = p.conversation_id
        WHERE p.member_id = $1 AND NOT c.is_group AND $2 = ANY(c.members)
          AND (c.opener_id = $1 OR EXISTS (
              SELECT FROM event WHERE conversation_id = c.id AND by_id = $1 AND kind = 'message')))"""


class KeptByDesk(Unreachable):
    """They have no address and never sign in: nobody would read a message to them."""

    code: ClassVar[str] = "kept_by_desk"
    sentence: ClassVar[str] = mark(
        "Cette personne n’a pas d’adresse e-mail. Appelez la conciergerie, au numéro d’aide en haut "
        "de la page : elle lui parlera pour vous."
    )


async def check_reads(member_id: int) -> None:
    """Raises KeptByDesk for somebody who reads no messages."""
    if await _is_kept(member_id):
        raise KeptByDesk


async def _is_kept(member_id: int) -> bool:
    kept: bool | None = await fetch_value("SELECT kept_by_desk FROM member WHERE id = $1", member_id)
    return bool(kept)


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
    """Whether a message may come to them, and would be read."""
    try:
        await check_reach(sender_id, member_id)
        await check_reads(member_id)
    except (NotFound, Unreachable):
        return False
    return True
