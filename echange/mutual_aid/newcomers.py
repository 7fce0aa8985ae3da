"""What those do slowly whom nobody vouches for yet, and what those under age do with a guardian."""

import re
from typing import Final

from echange.chat import check_reach
from echange.database import fetch_value
from echange.http import Viewer
from echange.http.dates import today
from echange.members import Member, Unreachable, may_reach, note_act
from echange.members import check_reach as check_meeting
from echange.mutual_aid import refusals

A_DAY: Final = 3
DESK: Final = frozenset({"concierge", "admin"})
# As the book of a mandate calls it.
CONSENT: Final = "guardian_agreed"
_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


async def check_publisher(by: Viewer, member: Member, *texts: str) -> None:
    """Whether they may publish; the member is locked by the caller.

    Raises Paused, Unconfirmed, TooManyHelps, NoLinksYet, GuardianNeeded.
    """
    check_ready(member)
    check_links(member, *texts)
    await check_pace(member)
    await check_guardian(by, member)


def check_ready(member: Member) -> None:
    """Raises Paused, Unconfirmed."""
    if member.away:
        raise refusals.Paused
    if member.confirmed_at is None:
        raise refusals.Unconfirmed


def check_links(member: Member, *texts: str) -> None:
    """Raises NoLinksYet for a link of a newcomer's."""
    if member.verified_at is None and any(_LINK.search(text) for text in texts):
        raise refusals.NoLinksYet


async def check_pace(member: Member) -> None:
    """Raises TooManyHelps for a newcomer beyond their three a day; the member is locked by the caller."""
    if member.verified_at is not None:
        return
    lately: int = await fetch_value(
        "SELECT count(*) FROM help WHERE person_id = $1 AND published_at > now() - interval '1 day'",
        member.id,
    )
    if lately >= A_DAY:
        raise refusals.TooManyHelps


async def check_guardian(by: Viewer, member: Member) -> None:
    """Raises GuardianNeeded for who is under age, unless a guardian agreed at the desk.

    They agree just now where the desk acts, under the mandate that they gave it: noted once for all, in the
    caller's transaction.
    """
    if not is_minor(member) or await _has_consent(member.id):
        return
    if by.roles.isdisjoint(DESK) or not await _acts_for_the_desk(by):
        raise refusals.GuardianNeeded
    await note_act(by, CONSENT, ("member", member.id))


async def _has_consent(member_id: int) -> bool:
    """Whether the desk has once noted a guardian's consent for them."""
    noted: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM mandate_act a JOIN mandate g ON g.id = a.mandate_id
                          WHERE g.person_id = $1 AND g.helper_id IS NULL AND a.what = $2)""",
        member_id,
        CONSENT,
    )
    return noted


async def _acts_for_the_desk(by: Viewer) -> bool:
    """Whether they act under a mandate of the desk's: a neighbour's own is not where a guardian comes."""
    if by.behalf is None:
        return False
    is_desks: bool = await fetch_value(
        "SELECT EXISTS (SELECT FROM mandate WHERE id = $1 AND helper_id IS NULL)", by.behalf.mandate_id
    )
    return is_desks


def is_minor(member: Member) -> bool:
    return member.minor_until is not None and member.minor_until > today()


async def check_between(by: Viewer, proposer: Member, person_id: int) -> None:
    """Raises NotFound where a block, a pause or a departure keeps the two apart; Unreachable for an adult
    whom somebody under age does not know; GuardianNeeded the other way round, without a guardian's consent.
    """
    try:
        await check_meeting(proposer.id, person_id)
    except Unreachable:
        # In a conversation they may have turned to them.
        await check_reach(proposer.id, person_id)
    if is_minor(proposer) and not await may_reach(person_id, proposer.id):
        await check_guardian(by, proposer)
