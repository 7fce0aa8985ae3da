"""What acts under a mandate were about, in this room: something lent, a lender, a loan by its item’s name."""

from collections.abc import Collection
from typing import Final

from echange.http import Viewer
from echange.lending.cards import face_of
from echange.lending.loan_sides import seen_by
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.seeing import managed_by
from echange.members import ActSubject


async def _items(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    seen = await Item.visible_to(viewer).filter(id__in=list(ids))
    return {item.id: (item.title, item.url) for item in seen}


async def _loans(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    seen = await Loan.filter(seen_by(viewer), id__in=list(ids)).select_related("item")
    return {loan.id: (loan.item.title, loan.url) for loan in seen}


async def _lenders(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    own = await Lender.filter(managed_by(viewer), id__in=list(ids)).select_related(
        "member", "organisation", "place"
    )
    return {one.id: (face_of(one, viewer).name, one.url) for one in own}


subjects: Final = (
    ActSubject("item", _items),
    ActSubject("lender", _lenders),
    ActSubject("loan", _loans),
)
