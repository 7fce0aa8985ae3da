"""My loans: what is late on top, what runs, what comes, what is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from echange.http import PageQuery, Viewer, cut, read_query, render, signed_in
from echange.lending.cards import LenderFace, face_of, photo_of
from echange.lending.categories import drawing_of
from echange.lending.life import OVER, RUNNING, TO_SETTLE
from echange.lending.loan_loading import SHOWN
from echange.lending.loan_sides import borrowed_by
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.models.photo import ItemPhoto
from echange.lending.pages.loan_screen import state_of
from echange.lending.seeing import managed_by
from echange.lending.training import my_trainings
from echange.lending.waiting_showing import waits_of
from echange.media.shots import Shot

OPEN_AT_MOST: Final = 200


@dataclass(frozen=True)
class LoanRowView:
    """A loan in a list."""

    it: Loan
    look: tuple[str, str]
    lender: LenderFace
    drawing: str
    photo: Shot | None

    @property
    def title(self) -> str:
        return self.it.item.title


async def show_mine(request: Request) -> Response:
    """GET /moi/prets?cursor=: those that are over go on by the cursor."""
    viewer = signed_in(request)
    query = read_query(request, PageQuery).data or PageQuery()
    mine = Loan.filter(borrowed_by(viewer))
    sections: dict[str, list[LoanRowView]] = {}
    if query.position() is None:
        running = (
            mine.filter(state__in=[*RUNNING, *TO_SETTLE]).order_by("starts_at", "id").limit(OPEN_AT_MOST)
        )
        rows = await rows_of(await running.select_related(*SHOWN), viewer)
        sections = _sections(rows)
    over = mine.filter(state__in=list(OVER))
    if (position := query.position()) is not None:
        at, last = position
        over = over.filter(Q(moved_at__lt=at) | Q(moved_at=at, id__lt=last))
    found = await over.order_by("-moved_at", "-id").limit(query.limit + 1).select_related(*SHOWN)
    page = cut(found, query.limit, lambda one: (one.moved_at, one.id))
    sections["past"] = await rows_of(page.items, viewer)
    context = {
        "sections": sections,
        "trainings": await my_trainings(viewer),
        "lends": await Lender.filter(managed_by(viewer)).exists(),
        "any": any(sections.values()),
        "line": [] if query.cursor else await waits_of(viewer),
        "first_url": "/moi/prets" if query.cursor else "",
        "next_url": f"/moi/prets?cursor={page.next}" if page.next else "",
    }
    return render(request, "lending/my_loans.html", context)


async def rows_of(loans: Sequence[Loan], viewer: Viewer) -> list[LoanRowView]:
    """Of loans loaded with their people."""
    photos = {
        one.item_id: photo_of(one.item_id, one.id, one.width, one.height, one.widths, one.alt)
        for one in await ItemPhoto.filter(item_id__in=[it.item_id for it in loans]).order_by("-position")
    }
    return [
        LoanRowView(
            it=it,
            look=state_of(it),
            lender=face_of(it.lender, viewer),
            drawing=drawing_of(it.item.category, it.item.kind),
            photo=photos.get(it.item_id),
        )
        for it in loans
    ]


def _sections(rows: Sequence[LoanRowView]) -> dict[str, list[LoanRowView]]:
    shelves: dict[str, list[LoanRowView]] = {"late": [], "act": [], "now": [], "coming": []}
    for row in rows:
        if row.it.is_late:
            shelf = "late"
        elif row.it.state in {"held", "at_risk"}:
            shelf = "act"
        elif row.it.state in {"out", *TO_SETTLE}:
            shelf = "now"
        else:
            shelf = "coming"
        shelves[shelf].append(row)
    shelves["now"].sort(key=lambda one: one.it.ends_at)
    return shelves
