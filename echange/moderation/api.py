"""Reporting from a programme, signed in or not."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import NotFound, Out, answer, anyone, api, read_json, viewer_of
from echange.moderation.forms import ReportBody
from echange.moderation.links import links_of
from echange.moderation.models import Report
from echange.moderation.pages import REPORTS
from echange.moderation.reportables import reportables_of


class ReportOut(Out):
    """`receipt` is the path of the page that tells what came of it."""

    id: int
    receipt: str


async def file_report(request: Request) -> Response:
    """POST /reports"""
    form = await read_json(request, ReportBody)
    viewer = viewer_of(request)
    reportable = reportables_of(request)[form.about.kind]
    thing = await reportable.seen_by(viewer, form.about.id)
    if thing is None:
        raise NotFound
    links = links_of(request)
    report = await Report.file(
        thing, reportable, by=viewer, reason=form.reason, text=form.text, email="", links=links
    )
    return answer(ReportOut(id=report.id, receipt=links.receipt(report.id)), 201)


routes = [
    api(
        "POST", "/reports", file_report, who=anyone, summary="Report a thing",
        body=ReportBody, answer=ReportOut, status=201, limit=REPORTS,
    ),
]  # fmt: skip
