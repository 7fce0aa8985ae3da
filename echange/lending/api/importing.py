"""A list of equipment taken in, in JSON: the same reading as on the pages."""

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.http import Form, Id, Out, Rate, Text, api, member, read_json, signed_in
from echange.http import answer as reply
from echange.lending import importing
from echange.lending.import_rows import Remark
from echange.lending.importing import Plan, Taken
from echange.lending.managing import lender_for
from echange.lending.models import LendingImport

# Of a body of 256 KB.
LONGEST = 250_000


class ImportIn(Form):
    """`csv` with a line of headings; in one's own name, or that of an organisation or place.

    `dry_run` tells what it would make; `good_only` leaves out the lines that are wrong.
    """

    csv: Annotated[Text, Field(min_length=1, max_length=LONGEST)]
    organisation: Id | None = None
    place: Id | None = None
    dry_run: bool = False
    good_only: bool = False
    publish: bool = True


class RemarkOut(Out):
    """`line` of the list, 1 being the first."""

    line: int
    sentence: str


class ImportOut(Out):
    """So many new items and units; `there`: lines of what is there already. `done`: it has been taken in."""

    done: bool
    items: int
    units: int
    there: list[int]
    wrong: list[RemarkOut]
    told: list[RemarkOut]


async def take_in(request: Request) -> Response:
    """All or nothing; the same list again adds nothing."""
    form, me = await read_json(request, ImportIn), signed_in(request)
    lender = await lender_for(me, organisation_id=form.organisation, place_id=form.place)
    listed = await LendingImport.start(lender, form.csv.encode(), by=me)
    try:
        found, taken = await importing.plan(listed), None
        if not form.dry_run:
            taken = await importing.take_in(listed, by=me, good_only=form.good_only, publish=form.publish)
    finally:
        # Nobody comes back to it, as on the pages.
        await LendingImport.filter(id=listed.id).delete()
    return reply(_told(found, taken))


def _told(found: Plan, taken: Taken | None) -> ImportOut:
    return ImportOut(
        done=taken is not None,
        items=taken.items if taken else sum(group.known is None for group in found.groups),
        units=taken.units if taken else found.units,
        there=[line.number for line in found.there],
        wrong=_remarks(found.wrong),
        told=_remarks(found.told),
    )


def _remarks(found: tuple[Remark, ...]) -> list[RemarkOut]:
    return [RemarkOut(line=one.number, sentence=one.sentence) for one in found]


routes = [
    api("POST", "/items/import", take_in, who=member, summary="Ajouter une liste d’objets (CSV)",
        body=ImportIn, answer=ImportOut, limit=Rate("lending-import", 20, 3600)),
]  # fmt: skip
