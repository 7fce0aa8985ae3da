"""The first annonces of somebody nobody knows yet wait a moment."""

from datetime import timedelta
from typing import Final

from echange.database import fetch_value
from echange.members import Member, Organisation

HELD_FOR: Final = timedelta(days=1)
HELD_AT_FIRST: Final = 2


async def is_newcomer(member: Member) -> bool:
    """Whether they are neither verified nor known by two annonces already shown."""
    if member.verified_at is not None:
        return False
    shown: int = await fetch_value(
        """SELECT count(*) FROM ad WHERE owner_id = $1
           AND published_at IS NOT NULL AND held_at IS NULL AND hidden_at IS NULL""",
        member.id,
    )
    return shown < HELD_AT_FIRST


async def is_proven(organisation_id: int) -> bool:
    """Whether the desk has verified it: anybody may found an organisation and wear its hat."""
    return await Organisation.exists(id=organisation_id, verified_at__isnull=False)
