"""The end of a first visit: two neighbours who can help, two whom one can help."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import GuardedRoute, local_path, member, page, render, signed_in
from echange.mutual_aid.first_visit import visit_of


async def show_first_visit(request: Request) -> Response:
    """GET /bienvenue/savoirs?suite="""
    context = {
        "visit": await visit_of(signed_in(request)),
        "suite": local_path(request.query_params.get("suite")),
    }
    return render(request, "mutual_aid/first_visit.html", context)


routes: list[GuardedRoute] = [page("/bienvenue/savoirs", show_first_visit, who=member)]
