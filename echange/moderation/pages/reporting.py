"""Reporting something, signed in or not, and following what comes of it."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    NotFound,
    Refusal,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    viewer_of,
)
from echange.i18n import gettext as _
from echange.members import Reportable, Reported
from echange.moderation.forms import ReportForm, ThingQuery
from echange.moderation.links import hash_of, links_of
from echange.moderation.models import Decision, Report
from echange.moderation.reasons import REASONS, reason_words
from echange.moderation.reportables import InParts, reportables_of
from echange.moderation.wording import named, outcome

START: Final = "moderation/start.html"
FORM: Final = "moderation/report.html"


async def ask(request: Request) -> Response:
    """GET /signaler: what it is about, then why."""
    query = read_query(request, ThingQuery)
    asked = query.data
    if asked and asked.kind and asked.id:
        reportable = _reportable(request, asked.kind, asked.message)
        thing = await _thing(request, reportable, asked.id)
        return render(request, FORM, await _page(request, reportable, thing, blank(ReportForm)))
    if not query.values["lien"]:
        return render(request, START, {"form": query})
    found = asked and await reportables_of(request).at(asked.lien)
    # What the reader may not see and what never was get one answer.
    if not found or not await reportables_of(request)[found[0]].seen_by(viewer_of(request), found[1]):
        sentence = _(
            "Cette adresse n’est pas celle d’une annonce, d’une personne, d’une association ou d’un fil."
        )
        refused = Bound[ThingQuery](values=query.values, errors={"lien": [sentence]})
        return refused_form(request, START, {"form": refused})
    return redirect(request, f"/signaler?kind={found[0]}&id={found[1]}")


async def report(request: Request) -> Response:
    """POST /signaler"""
    bound = await read_form(request, ReportForm)
    part = _number(bound.values["message"]) if bound.values["message"] else None
    reportable = _reportable(request, str(bound.values["kind"]), part)
    thing = await _thing(request, reportable, _number(bound.values["id"]))
    data = bound.data
    if data is None:
        return refused_form(request, FORM, await _page(request, reportable, thing, bound))
    links = links_of(request)
    if data.chosen and isinstance(reportable, InParts):
        chosen = await _chosen(request, reportable, thing, data.parts)
        reportable = reportable.about(part or 0, [one.number for one in chosen])
    try:
        filed = await Report.file(
            thing,
            reportable,
            by=viewer_of(request),
            reason=data.reason,
            text=data.text,
            email=data.email or "",
            links=links,
        )
    except Refusal as refusal:
        return refused_form(request, FORM, await _page(request, reportable, thing, bound.refuse(refusal)))
    return redirect(
        request, links.receipt(filed.id), say=_("C’est envoyé. Merci de veiller sur le quartier.")
    )


async def receipt(request: Request) -> Response:
    """GET /signalements/…: what its author may know of it."""
    found = await Report.get_or_none(receipt_hash=hash_of(request.path_params["key"]))
    if found is None:
        raise NotFound
    decision = await Decision.get(id=found.decision_id) if found.decision_id else None
    things = await reportables_of(request)[found.about_kind].named([found.about_id])
    thing = things.get(found.about_id)
    context = {
        "number": found.id,
        "at": found.at,
        "about": named(found.about_kind, thing.title if thing else str(found.evidence.get("title", ""))),
        "reason": reason_words(found.reason),
        "text": found.text,
        "by_mail": bool(await found.address()),
        "decided_at": decision.at if decision else None,
        "outcome": outcome(decision.act) if decision else "",
        "why": decision.reason if decision and decision.act == "dismiss" else "",
    }
    # For who holds the key, signed in or not.
    return render(request, "moderation/receipt.html", context, headers={"cache-control": "no-store"})


def _reportable(request: Request, kind: str, part: int | None) -> Reportable:
    reportable = reportables_of(request)[kind]
    return reportable.about(part) if part and isinstance(reportable, InParts) else reportable


async def _thing(request: Request, reportable: Reportable, thing_id: int) -> Reported:
    thing = await reportable.seen_by(viewer_of(request), thing_id)
    if thing is None:
        raise NotFound
    return thing


async def _parts(request: Request, reportable: Reportable, thing: Reported) -> Sequence[Any]:
    viewer = viewer_of(request)
    return await reportable.parts(viewer, thing.id) if viewer and isinstance(reportable, InParts) else ()


async def _chosen(
    request: Request, reportable: Reportable, thing: Reported, numbers: Sequence[int]
) -> Sequence[Any]:
    # What was ticked may no longer be among what is offered now.
    viewer = viewer_of(request)
    if viewer is None or not isinstance(reportable, InParts):
        return ()
    return await reportable.visible(viewer, thing.id, numbers)


def _number(value: object) -> int:
    text = str(value or "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotFound
    return int(text)


async def _page(
    request: Request, reportable: Reportable, thing: Reported, form: Bound[ReportForm]
) -> dict[str, Any]:
    asked = form.values.get("message") or request.query_params.get("message") or ""
    ticked = [int(one) for one in form.values.get("parts") or () if str(one).isdecimal() and len(one) <= 9]
    parts = {
        one.number: one
        for one in (
            *await _chosen(request, reportable, thing, ticked),
            *await _parts(request, reportable, thing),
        )
    }
    return {
        "thing": thing,
        "about": named(thing.kind, thing.title),
        "message": int(asked) if str(asked).isdecimal() else 0,
        "parts": [parts[number] for number in sorted(parts)],
        "form": form,
        "reasons": [(slug, _(sentence)) for slug, sentence in REASONS.items()],
    }
