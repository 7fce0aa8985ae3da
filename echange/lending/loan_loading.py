"""Loans reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request

from echange.http import NotFound, signed_in
from echange.lending.models.loan import Loan

SHOWN = (
    "item", "item__place", "item__lender", "lender", "lender__member", "lender__organisation",
    "lender__place", "borrower", "organisation",
)  # fmt: skip


async def visible_loan(request: Request) -> Loan:
    """The loan of the address, with its item and people. Raises NotFound."""
    seen = Loan.visible_to(signed_in(request)).filter(id=request.path_params["id"])
    it = await seen.select_related(*SHOWN).first()
    if it is None:
        raise NotFound
    return it
