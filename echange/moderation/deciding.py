"""A decision, from the moderator's yes to everybody who has to hear of it."""

from collections.abc import Iterable
from typing import Final

from echange import notifications
from echange.database import fetch, fetch_value, in_transaction
from echange.http import NotFound, Viewer
from echange.i18n import speaking
from echange.members import Member, StaffAct
from echange.moderation import letters
from echange.moderation.links import Links
from echange.moderation.locking import hold
from echange.moderation.matters import Matter, open_matter
from echange.moderation.models import Decision, Report
from echange.moderation.reasons import whole_reason
from echange.moderation.refusals import AboutOneself, AlreadyDecided, NeedsAnother
from echange.moderation.reportables import Reportables

# What whom it concerns is told; that nothing was wrong is told to reporters only.
TOLD: Final = ("hide", "warn", "restore", "confirm")


async def decide(
    kind: str,
    thing_id: int,
    *,
    reportables: Reportables,
    by: Viewer,
    act: str,
    canned: str,
    words: str,
    concerns: int | None,
    seen: int,
    links: Links,
) -> Decision:
    """Do it, write it down, tell everybody. `seen` is the last decision `by` knew of (0: none).

    What cannot be hidden itself (a conversation) is hidden by its author's account: the decision is then
    about that member. Raises NotFound, AlreadyDecided, AboutOneself, NeedsAnother.
    """
    async with in_transaction():
        await hold(kind, thing_id)
        matter = await open_matter(reportables, kind, thing_id)
        if matter.last_id != seen or act not in matter.acts:
            raise AlreadyDecided
        concerned = matter.concerned(concerns)
        await _check_hand(matter, by)
        if act == "hide" and not matter.can_be_hidden:
            if concerned is None:
                raise NotFound
            kind, thing_id = "member", concerned
            await hold(kind, thing_id)
            if (await open_matter(reportables, kind, thing_id)).is_hidden:
                raise AlreadyDecided
        decision = await Decision.create(
            about_kind=kind,
            about_id=thing_id,
            act=act,
            reason=await _reason_for(concerned if act in TOLD else None, canned, words),
            by_id=by.id,
            concerns_id=concerned,
        )
        await _carry_out(reportables, decision, matter, by)
        await StaffAct.note(act, kind, thing_id, by=by.id, decision=decision.id)
        await _tell_concerned(decision, matter, links)
        await _tell_reporters(decision, matter, links)
        return decision


async def _check_hand(matter: Matter, by: Viewer) -> None:
    if by.id in matter.involved:
        raise AboutOneself
    if matter.contested and matter.decided_by == by.id and await another_moderator(by.id, matter.involved):
        raise NeedsAnother


async def another_moderator(member_id: int, involved: Iterable[int]) -> bool:
    """Whether somebody else may read the answer to a decision."""
    return bool(
        await fetch_value(
            """SELECT EXISTS (SELECT FROM staff_role r JOIN member m ON m.id = r.member_id
               WHERE r.role IN ('moderator', 'admin') AND NOT m.away AND NOT m.id = ANY($1))""",
            [member_id, *involved],
        )
    )


async def _reason_for(concerned: int | None, canned: str, words: str) -> str:
    # Ready sentences are said in the language of whom they are told to.
    member = concerned and await Member.get_or_none(id=concerned)
    if not member:
        return whole_reason(canned, words)
    with speaking(member.locale):
        return whole_reason(canned, words)


async def _carry_out(reportables: Reportables, decision: Decision, matter: Matter, by: Viewer) -> None:
    reportable = reportables[decision.about_kind]
    if decision.act == "hide":
        await reportable.hide(decision.about_id, by=by)
    elif decision.act == "restore" and matter.is_hidden:
        await reportable.show(decision.about_id, by=by)


async def _tell_concerned(decision: Decision, matter: Matter, links: Links) -> None:
    member = decision.concerns_id and await Member.get_or_none(id=decision.concerns_id)
    if not member or decision.act not in TOLD:
        return
    kind = decision.about_kind
    told = {"act": decision.act, "thing": kind, "title": matter.title}
    await notifications.tell(member.id, "decision", link=f"/decisions/{decision.id}", **told)
    if member.mailbox:
        await letters.state_reasons(
            member.mailbox, member.locale, decision_id=decision.id, kind=kind, title=matter.title,
            act=decision.act, reason=decision.reason, links=links,
        )  # fmt: skip


async def _tell_reporters(decision: Decision, matter: Matter, links: Links) -> None:
    rows = await fetch(
        """UPDATE report SET decision_id = $3
           WHERE about_kind = $1 AND about_id = $2 AND decision_id IS NULL RETURNING id""",
        matter.kind,
        matter.id,
        decision.id,
    )
    for report in await Report.filter(id__in=[row["id"] for row in rows]).order_by("id"):
        if report.by_id is not None:
            link = links.receipt(report.id)
            told: dict[str, object] = {"thing": matter.kind, "title": matter.title}
            if matter.kind == "member":
                told["about_member"] = matter.id
            await notifications.tell(report.by_id, "report_decided", link=link, **told)
        if address := await report.address():
            await letters.tell_outcome(
                address, report.locale, report_id=report.id, kind=matter.kind, title=matter.title,
                act=decision.act, reason=decision.reason, links=links,
            )  # fmt: skip
