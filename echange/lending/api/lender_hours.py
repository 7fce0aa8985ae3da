"""A lender's own hours and closures in JSON, for who manages it: those of a member tell nothing to others."""

from typing import Final

from starlette.requests import Request

from echange.http import member
from echange.lending.loading import own_lender
from echange.places import hours_api_routes


async def _site(request: Request) -> int:
    return (await own_lender(request)).site_id


routes: Final = hours_api_routes("/lenders/{id:id}", _site, _site, seen_by=member)
