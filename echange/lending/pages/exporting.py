"""Sheets of what a lender lends and has lent."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import member, page
from echange.http.sheet import sheet
from echange.lending import exporting
from echange.lending.loading import own_lender


async def things(request: Request) -> Response:
    """GET /prets/preteur/7/materiel.csv"""
    lender = await own_lender(request)
    return sheet(f"materiel-{lender.id}.csv", await exporting.things(lender))


async def loans(request: Request) -> Response:
    """GET /prets/preteur/7/prets.csv"""
    lender = await own_lender(request)
    return sheet(f"prets-{lender.id}.csv", await exporting.loans(lender))


routes = [
    page("/prets/preteur/{id:id}/materiel.csv", things, who=member),
    page("/prets/preteur/{id:id}/prets.csv", loans, who=member),
]
