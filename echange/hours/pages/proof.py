"""Anybody may check that the town's hours add up."""

from starlette.requests import Request
from starlette.responses import Response

from echange.hours.forms import SealQuery
from echange.hours.proving import prover_of, seal_of
from echange.http import read_query, render


async def show(request: Request) -> Response:
    """GET /temps/preuve?transfer=."""
    bound = read_query(request, SealQuery)
    wanted = bound.data.transfer if bound.data else None
    context = {
        "proven": await prover_of(request).proven(),
        "form": bound,
        "wanted": wanted,
        "seal": await seal_of(wanted) if wanted else None,
    }
    return render(request, "hours/proof.html", context)
