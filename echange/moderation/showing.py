"""Reports and decisions as moderators read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.moderation.models import Decision, Report
from echange.moderation.reasons import reason_words

DONE = {
    "hide": mark("Masqué"),
    "warn": mark("Avertissement"),
    "dismiss": mark("Laissé en place"),
    "restore": mark("Remis en ligne"),
    "confirm": mark("Décision maintenue"),
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report: who made it, why, and what the thing said at that moment."""

    id: int
    by: str
    by_url: str
    reason: str
    text: str
    at: datetime
    is_open: bool
    title: str
    body: str
    photos: Sequence[str]
    messages: Sequence[dict[str, Any]]
    against: int | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision: by whom, why, and what was answered."""

    id: int
    act: str
    reason: str
    by: str
    at: datetime
    reply: str
    replied_at: datetime | None


async def reports_of(kind: str, thing_id: int) -> list[ReportLine]:
    """All reports of a thing, the newest first."""
    reports = Report.filter(about_kind=kind, about_id=thing_id).order_by("-id").limit(100)
    return [_report(report) for report in await reports.select_related("by")]


async def history_of(kind: str, thing_id: int) -> list[DecisionLine]:
    """All decisions about a thing, the newest first; also those its reports led to elsewhere."""
    led = await Report.filter(about_kind=kind, about_id=thing_id).values_list("decision_id", flat=True)
    own = await Decision.filter(about_kind=kind, about_id=thing_id).values_list("id", flat=True)
    ids = {one for one in (*led, *own) if one is not None}
    decisions = await Decision.filter(id__in=list(ids)).order_by("-id").select_related("by")
    return [_decision(decision) for decision in decisions]


def _report(report: Report) -> ReportLine:
    said = report.evidence
    messages = [_timed(one) for one in said.get("messages", [])]
    return ReportLine(
        id=report.id,
        by=report.by.name if report.by else report.email or _("quelqu’un sans compte"),
        by_url=report.by.url if report.by else "",
        reason=reason_words(report.reason),
        text=report.text,
        at=report.at,
        is_open=report.decision_id is None,
        title=str(said.get("title", "")),
        body=str(said.get("text", "")),
        photos=said.get("photos", []),
        messages=messages,
        against=said.get("against"),
    )


def _timed(message: dict[str, Any]) -> dict[str, Any]:
    """A message kept with a report, with the moments of its first and its later words."""
    later = [{**one, "at": datetime.fromisoformat(one["at"])} for one in message.get("later", [])]
    return {**message, "at": datetime.fromisoformat(message["at"]), "later": later}


def _decision(decision: Decision) -> DecisionLine:
    return DecisionLine(
        id=decision.id,
        act=_(DONE[decision.act]),
        reason=decision.reason,
        by=decision.by.name,
        at=decision.at,
        reply=decision.reply,
        replied_at=decision.replied_at,
    )
