"""After a shift: an exchange with each who came, agreed already; or thanks, where help is given."""

from echange.database import execute, fetch, fetch_one, fetch_value, in_transaction
from echange.exchanges import Exchange
from echange.http import NotFound, Refusal, Viewer
from echange.http.viewer import Acting
from echange.mutual_aid import rota_notices
from echange.mutual_aid.models.help import Help
from echange.mutual_aid.models.help_parts import HelpSkill
from echange.mutual_aid.models.shift import Shift, ShiftSignup


async def close_over() -> None:
    """Every shift that is over and not closed yet, each in a transaction of its own."""
    rows = await fetch(
        """SELECT id FROM shift WHERE closed_at IS NULL AND cancelled_at IS NULL AND ends_at <= now()
           ORDER BY ends_at, id LIMIT 500"""
    )
    for row in rows:
        await close(row["id"])


async def close(shift_id: int) -> None:
    """Close a shift that is over, once: all its exchanges are opened with it, or none."""
    async with in_transaction():
        aid = await _held(shift_id)
        shift = await Shift.filter(id=shift_id).select_for_update(no_key=True).first()
        if aid is None or shift is None or shift.closed_at is not None or shift.cancelled_at is not None:
            return
        came = await ShiftSignup.filter(shift_id=shift.id, ended_at=None, waiting=False).order_by("id")
        if not aid.counted:
            await rota_notices.tell_people(aid, shift, "shift_thanks", [one.member_id for one in came])
        else:
            by = await _speaker(aid)
            for one in came:
                await _open_exchange(aid, shift, one.member_id, by)
        await execute("UPDATE shift SET closed_at = now() WHERE id = $1", shift.id)


async def _held(shift_id: int) -> Help | None:
    """The shift's help, locked after its person, as whoever writes an exchange about it does."""
    await fetch_value(
        """SELECT id FROM member WHERE id = (
               SELECT h.person_id FROM help h JOIN rota_slot s ON s.help_id = h.id
               JOIN shift t ON t.slot_id = s.id WHERE t.id = $1) FOR NO KEY UPDATE""",
        shift_id,
    )
    return await Help.filter(rota__shifts__id=shift_id).select_for_update(no_key=True, of=("help",)).first()


async def _open_exchange(aid: Help, shift: Shift, helper_id: int, by: Viewer) -> None:
    skill = await HelpSkill.filter(help_id=aid.id).order_by("id").first()
    try:
        async with in_transaction():
            await Exchange.agreed(
                by=by,
                giver_id=helper_id,
                receiver_id=aid.person_id,
                receiver_organisation_id=aid.organisation_id,
                title=aid.title,
                minutes=shift.minutes,
                about=("help", aid.id),
                role=shift.role,
                starts_at=shift.starts_at,
                skill_id=skill.skill_id if skill else None,
            )
    except Refusal:
        # A block, a pause, a departure since: nobody is made to deal with the other.
        await rota_notices.tell_people(aid, shift, "shift_unsettled", [helper_id])


async def _speaker(aid: Help) -> Viewer:
    """Whose help it is, as if they said themselves that the helper came."""
    row = await fetch_one(
        """SELECT m.id, m.name, m.handle, o.id AS organisation_id, o.name AS called, o.slug, o.kind, s.role
           FROM member m LEFT JOIN organisation o ON o.id = $2
           LEFT JOIN membership s ON s.organisation_id = o.id AND s.member_id = m.id WHERE m.id = $1""",
        aid.person_id,
        aid.organisation_id,
    )
    if row is None:
        raise NotFound
    hat = None
    if row["organisation_id"] and row["role"]:
        hat = Acting(row["organisation_id"], row["called"], row["slug"], row["kind"], row["role"])
    return Viewer(id=row["id"], name=row["name"], handle=row["handle"], confirmed=True, acting_for=hat)
