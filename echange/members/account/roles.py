"""Who is in the staff, and as what; each change is noted and told."""

from dataclasses import dataclass
from datetime import datetime

from echange import notifications
from echange.database import execute, fetch, in_transaction
from echange.http import NotFound, Refusal
from echange.http.promises import kept
from echange.http.viewer import Portrait
from echange.i18n import mark
from echange.members.models import RECOVER, MailKey, Member, StaffAct, StaffRole
from echange.members.models.staff_role import ADMIN


class LastAdmin(Refusal):
    code = "last_admin"
    sentence = mark("Il faut toujours quelqu’un à l’administration. Nommez d’abord une autre personne.")


class NotOfTheStaffYet(Refusal):
    code = "address_unconfirmed"
    sentence = mark(
        "Cette personne n’a pas confirmé son adresse, ou s’en va : elle ne peut pas avoir de rôle."
    )


class _AlreadySo(Refusal):
    """Given twice, it is given once."""


@dataclass(frozen=True, slots=True)
class Colleague(Portrait):
    """Somebody of the staff, with roles and since when the first."""

    id: int
    name: str
    roles: list[str]
    since: datetime
    kind: None = None

    @property
    def url(self) -> str:
        return f"/administration/membres/{self.id}"


async def team() -> list[Colleague]:
    """The staff by name."""
    rows = await fetch(
        """SELECT m.id, m.name, array_agg(r.role ORDER BY r.granted_at, r.id) AS roles,
                  min(r.granted_at) AS since
           FROM staff_role r JOIN member m ON m.id = r.member_id
           GROUP BY m.id ORDER BY m.sort_key, m.id LIMIT 200"""
    )
    return [Colleague(**row) for row in rows]


async def grant(member_id: int, role: str, *, by: int | None) -> None:
    """Give a role; `by` is nobody when the command line does. Raises NotFound, NotOfTheStaffYet."""
    try:
        with kept({"staff_role_once": _AlreadySo}):
            async with in_transaction():
                member = await _hold(member_id)
                if member.confirmed_at is None or member.leaving_at is not None:
                    raise NotOfTheStaffYet
                await StaffRole.create(member_id=member.id, role=role)
                # The desk may open a neighbour's account with such a link, but not a colleague's.
                await MailKey.forget(member.id, RECOVER)
                await StaffAct.note("role_granted", "member", member.id, by=by, role=role)
                await notifications.tell(member.id, "role_granted", link="/administration", role=role)
    except _AlreadySo:
        return


async def revoke(member_id: int, role: str, *, by: int | None) -> None:
    """Take a role back; nothing when they do not have it. Raises NotFound, LastAdmin."""
    async with in_transaction():
        member = await _hold(member_id)
        # Of two who take each other's role at once, the second sees that it is the last.
        await execute("SELECT FROM staff_role WHERE role = $1 ORDER BY id FOR UPDATE", ADMIN)
        if not await StaffRole.filter(member_id=member.id, role=role).delete():
            return
        if role == ADMIN and not await StaffRole.exists(role=ADMIN):
            raise LastAdmin
        await StaffAct.note("role_revoked", "member", member.id, by=by, role=role)
        await notifications.tell(member.id, "role_revoked", link="/moi", role=role)


async def _hold(member_id: int) -> Member:
    member = await Member.filter(id=member_id, left_at=None).select_for_update(no_key=True).get_or_none()
    if member is None:
        raise NotFound
    return member
