"""What a loan kept in the calendars is given back: whoever waits for it may have it now."""

from typing import TYPE_CHECKING

from echange import booking
from echange.lending import waiting

if TYPE_CHECKING:
    from echange.lending.models.loan_row import LoanRow


async def free(it: "LoanRow") -> None:
    """Give back all that is not out, in the caller's transaction; a second time gives nothing back."""
    if it.booking_id is not None and await booking.free(it.booking_id):
        await waiting.freed([it.item_id])
