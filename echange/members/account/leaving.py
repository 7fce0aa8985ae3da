"""Going away: said now, done fourteen days later, undone by one click until then."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from echange.database import execute, fetch, in_transaction
from echange.http import Refusal
from echange.http.dates import now
from echange.i18n import mark
from echange.media import Store
from echange.members import letters
from echange.members.behalf import end_mandates
from echange.members.models import STAY, MailKey, Member, StaffRole
from echange.members.models.mail_key import LIFETIMES, OF_THE_ADDRESS
from echange.members.models.trust import hold_signs
from echange.members.organisations.privacy import check_may_leave
from echange.members.privacy import Belongings

log = structlog.get_logger("echange.members")
GRACE = LIFETIMES[STAY]
AT_ONCE = 50


class StillStaff(Refusal):
    code = "still_staff"
    sentence = mark(
        "Vous faites partie de l’équipe. Demandez d’abord à l’administration de retirer votre rôle."
    )


def ends_at(leaving_at: datetime) -> datetime:
    """When the account of somebody who is leaving is erased."""
    return leaving_at + GRACE


async def leave(member: Member, *, home: str) -> None:
    """The account goes in fourteen days; every session ends now. Raises StillStaff, LastOwner."""
    async with in_transaction():
        going = await Member.filter(id=member.id).select_for_update(no_key=True).get()
        if going.leaving_at is not None:
            return
        if await StaffRole.exists(member_id=going.id):
            raise StillStaff
        await check_may_leave(going.id)
        going.leaving_at = now()
        await going.save(update_fields=["leaving_at"])
        await going.end_sessions()
        await end_mandates(going.id)
        await MailKey.forget(going.id, *OF_THE_ADDRESS)
        if going.mailbox:
            await _tell(going, going.leaving_at, home)


async def _tell(going: Member, since: datetime, home: str) -> None:
    key = await MailKey.issue(going.id, STAY)
    await letters.tell_leaving(
        going.email, going.locale, home=home, name=going.name, key=key, until=ends_at(since)
    )


async def stay(member_id: int) -> None:
    """All is as before; nothing once the account is erased."""
    async with in_transaction():
        await execute("UPDATE member SET leaving_at = NULL WHERE id = $1 AND left_at IS NULL", member_id)
        await MailKey.forget(member_id, STAY)


async def stay_by_link(key: str) -> None:
    """The same by mail; raises LinkGone."""
    async with in_transaction():
        member = await MailKey.take(key, STAY)
        await stay(member.id)


async def erase_due(belongings: Sequence[Belongings], store: Store) -> None:
    """Erase the accounts whose fourteen days are over; one that cannot be does not hold the others up."""
    # In any order: those that fail each time must not always come first.
    rows = await fetch(
        "SELECT id FROM member WHERE left_at IS NULL AND leaving_at < $1 ORDER BY random() LIMIT $2",
        now() - GRACE,
        AT_ONCE,
    )
    for row in rows:
        try:
            await erase(row["id"], belongings, store)
        except Exception:
            log.exception("member_not_erased", member=row["id"])


async def erase(member_id: int, belongings: Sequence[Belongings], store: Store) -> None:
    """Every room forgets the member, all or none; nothing when they stayed after all."""
    async with in_transaction():
        await hold_signs()
        gone = await Member.filter(id=member_id).select_for_update(no_key=True).get()
        if gone.left_at is not None or gone.leaving_at is None or ends_at(gone.leaving_at) > now():
            return
        for room in belongings:
            await room.forget(member_id, store)
        if gone.mailbox:
            await letters.tell_gone(gone.email, gone.locale, name=gone.name)
