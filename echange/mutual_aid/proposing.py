"""Turning to somebody about their help: from it on, an exchange between two."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from echange.database import fetch, fetch_value, in_transaction
from echange.exchanges import Exchange
from echange.http import Invalid, Refusal, Viewer, hat_of
from echange.i18n import gettext as _
from echange.members import Member
from echange.mutual_aid import newcomers, refusals
from echange.mutual_aid.models.help_parts import HelpRole, HelpSkill
from echange.mutual_aid.seeing import actor, persons_of

if TYPE_CHECKING:
    from echange.mutual_aid.models.help import Help

UNDER_WAY: Final = ("proposed", "accepted", "under_way")
# Somebody comes, or came.
TAKEN: Final = ("accepted", "under_way", "declared", "disputed", "settled")


async def propose(
    aid: "Help", *, by: Viewer, words: str, role: str, starts_at: datetime | None, minutes: int | None
) -> Exchange:
    """See `Help.answer`."""
    me, hat = actor(by), hat_of(by)
    async with in_transaction():
        proposer = await Member.filter(id=me).select_for_update(no_key=True).get()
        aid = await aid.lock()
        if known := await _known(aid, me, role):
            return known
        await _check(aid, by, proposer, words)
        await _check_place(aid, role)
        asks, mine, theirs = aid.kind == "ask", hat.id if hat else None, aid.organisation_id
        skill = await HelpSkill.filter(help_id=aid.id).order_by("id").first()
        return await Exchange.propose(
            by=by,
            giver_id=me if asks else aid.person_id,
            receiver_id=aid.person_id if asks else me,
            giver_organisation_id=mine if asks else theirs,
            receiver_organisation_id=theirs if asks else mine,
            title=aid.title,
            minutes=(minutes or aid.minutes) if aid.counted else 0,
            about=("help", aid.id),
            role=role,
            starts_at=starts_at,
            skill_id=skill.skill_id if skill else None,
            words=words,
        )


async def decline(aid: "Help", proposal: Exchange, by: Viewer) -> None:
    """Whose help it is wants no more of it: said by whoever looks after it, who may not always say so
    themselves. In the caller's transaction, the proposal being locked before the help.
    """
    try:
        await proposal.decline(by=by)
    except Refusal:
        await end(aid, proposal)


async def end(aid: "Help", proposal: Exchange) -> None:
    """The help is over, so that what was proposed about it is: by nobody's hand, the neighbour is told. In
    the caller's transaction; what was answered meanwhile stays.
    """
    await proposal.lock()
    if proposal.state != "proposed":
        return
    neighbour: Literal["giver", "receiver"] = "giver" if aid.kind == "ask" else "receiver"
    is_theirs = proposal.standing.proposed == neighbour
    event: Literal["declined", "cancelled"] = "declined" if is_theirs else "cancelled"
    await proposal.move(event, data={"why": "over"})
    await proposal.tell(neighbour, f"exchange_{event}")


async def roles_left(help_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By help, its roles in their order, each with how many are still wanted for it."""
    rows = await fetch(
        """SELECT help_id, name, people - helpers_found(help_id, 0, name) AS missing FROM help_role
           WHERE help_id = ANY($1::int[]) ORDER BY help_id, position, id""",
        list(help_ids),
    )
    left: dict[int, dict[str, int]] = {help_id: {} for help_id in help_ids}
    for row in rows:
        left[row["help_id"]][row["name"]] = max(0, row["missing"])
    return left


async def _known(aid: "Help", me: int, role: str) -> Exchange | None:
    """What the two already speak of: said twice, it is the same proposal."""
    side = {"giver_id": me} if aid.kind == "ask" else {"receiver_id": me}
    return await Exchange.filter(
        about_kind="help", about_id=aid.id, role=role, state__in=UNDER_WAY, **side
    ).first()


async def _check(aid: "Help", by: Viewer, proposer: Member, words: str) -> None:
    if aid.can_be_edited_by(by) or aid.person_id in persons_of(by):
        raise refusals.OwnHelp
    newcomers.check_ready(proposer)
    newcomers.check_links(proposer, words)
    await newcomers.check_between(by, proposer, aid.person_id)
    if aid.hidden_at is not None:
        raise refusals.HiddenHelp
    if aid.is_full and aid.state == "full":
        raise refusals.Full
    if aid.state != "open":
        raise refusals.Over
    on_rota = "SELECT EXISTS (SELECT FROM rota_slot WHERE help_id = $1 AND ended_at IS NULL)"
    if await fetch_value(on_rota, aid.id):
        raise refusals.OnRota


async def _check_place(aid: "Help", role: str) -> None:
    if not role:
        return
    wanted = await HelpRole.get_or_none(help_id=aid.id, name=role)
    if wanted is None:
        raise Invalid({"role": [_("Choisissez une des réponses proposées.")]})
    found: int = await fetch_value("SELECT helpers_found($1, 0, $2)", aid.id, role)
    if aid.kind == "ask" and found >= wanted.people:
        raise refusals.RoleFull
