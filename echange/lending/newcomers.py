"""What those do slowly whom nobody vouches for yet."""

import re
from typing import Final

from echange.database import fetch_value
from echange.lending import refusals
from echange.members import Member

A_DAY: Final = 5
_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def check_ready(member: Member) -> None:
    """Raises LenderAway, LenderUnconfirmed."""
    if member.away:
        raise refusals.LenderAway
    if member.confirmed_at is None:
        raise refusals.LenderUnconfirmed


def check_links(member: Member, *texts: object) -> None:
    """Raises NoLinksInItem for a link of a newcomer's."""
    if member.verified_at is None and any(_LINK.search(str(text)) for text in texts):
        raise refusals.NoLinksInItem


async def check_pace(member: Member) -> None:
    """Raises TooManyItems for a newcomer beyond their five a day; the member is locked by the caller."""
    if member.verified_at is not None:
        return
    lately: int = await fetch_value(
        "SELECT count(*) FROM item WHERE by_id = $1 AND created_at > now() - interval '1 day'", member.id
    )
    if lately >= A_DAY:
        raise refusals.TooManyItems
