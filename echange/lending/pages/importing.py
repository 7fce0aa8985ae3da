"""Taking a list of equipment in: the file, which column is which, what it would make, done."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Invalid,
    NotFound,
    Rate,
    Refusal,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.sheet import sheet
from echange.http.uploads import read_upload
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending import importing
from echange.lending.import_columns import COLUMNS
from echange.lending.import_forms import ColumnsForm, ImportForm, TakeInForm
from echange.lending.import_table import Table
from echange.lending.managing import may_manage
from echange.lending.models import LendingImport
from echange.lending.naming import lender_named, lender_names

HEAVIEST: Final = 2 * 1024 * 1024
SHOWN_LINES: Final = 200
_EXAMPLES: Final = 3


async def start(request: Request) -> Response:
    """GET /prets/importer?preteur=o3"""
    return await _start_page(request, blank(ImportForm, lender=request.query_params.get("preteur", "me")))


async def take_file(request: Request) -> Response:
    """POST /prets/importer"""
    viewer = signed_in(request)
    bound = await read_form(request, ImportForm)
    if bound.data is not None:
        try:
            upload = await read_upload(request, missing=_("Choisissez votre tableau."))
            lender = await lender_named(bound.data.lender, viewer)
            listed = await LendingImport.start(lender, upload.data, by=viewer)
        except NotFound:
            raise
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="" if isinstance(refusal, Invalid) else "file")
        else:
            return redirect(request, _url(listed))
    return await _start_page(request, bound)


async def show(request: Request) -> Response:
    """GET /prets/importer/5: which column is which, and what that would make."""
    return await _import_page(request, await _own_import(request), blank(TakeInForm, publish=True))


async def tell_columns(request: Request) -> Response:
    """POST /prets/importer/5/colonnes"""
    listed = await _own_import(request)
    bound = await read_form(request, ColumnsForm)
    if bound.data is None:
        return await _import_page(request, listed, Bound(values={"publish": True}, errors=bound.errors))
    await listed.map(bound.data.model_dump())
    return redirect(request, f"{_url(listed)}#ce-que-cela-donne")


async def take_in(request: Request) -> Response:
    """POST /prets/importer/5"""
    listed, viewer = await _own_import(request), signed_in(request)
    bound = await read_form(request, TakeInForm)
    if bound.data is None:
        return await _import_page(request, listed, bound)
    try:
        taken = await importing.take_in(
            listed, by=viewer, good_only=bound.data.good_only, publish=bound.data.publish
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return await _import_page(request, listed, bound.refuse(refusal))
    return redirect(
        request,
        "/moi/materiel",
        say=ngettext("%(num)s exemplaire ajouté.", "%(num)s exemplaires ajoutés.", taken.units),
    )


async def template(request: Request) -> Response:
    """GET /prets/importer/modele.csv: our own columns, with an example."""
    heads = [_(column.label) for column in COLUMNS if column.name != "out"]
    example: list[str | int] = [
        _("Table pliante"), "TAB-001", _("Meubles et décoration"), _("Pour six, 183 cm."), 1, "",
        _("Bon état"), "45", "20", _("Étagère du fond"),
    ]  # fmt: skip
    return sheet("modele-objets.csv", [heads, example])


async def _own_import(request: Request) -> LendingImport:
    listed = await LendingImport.get_or_none(id=int(request.path_params["id"])).select_related("lender")
    if listed is None or not await may_manage(signed_in(request), listed.lender):
        raise NotFound
    return listed


def _url(listed: LendingImport) -> str:
    return f"/prets/importer/{listed.id}"


async def _start_page(request: Request, bound: Bound[Any]) -> Response:
    context = {"form": bound, "lenders": await lender_names(signed_in(request))}
    return (refused_form if bound.errors else render)(request, "lending/import_start.html", context)


async def _import_page(request: Request, listed: LendingImport, bound: Bound[Any]) -> Response:
    table = listed.table
    context = {
        "form": bound,
        "listed": listed,
        "columns": [
            (column.name, _(column.label), _(column.hint) if column.hint else "") for column in COLUMNS
        ],
        "places": [(place, _head(table, place)) for place in range(len(table.heads))],
        "mapping": listed.mapping,
        "lines": len(table.rows),
        "plan": await importing.plan(listed),
        "most": SHOWN_LINES,
        "url": _url(listed),
    }
    return (refused_form if bound.errors else render)(request, "lending/import.html", context)


def _head(table: Table, place: int) -> str:
    """« Asset Tag (TAB-001, TAB-002…) »."""
    examples = [cells[place] for _number, cells in table.rows[:50] if cells[place]][:_EXAMPLES]
    head = table.heads[place] or _("Colonne {number}").format(number=place + 1)
    return f"{head[:60]} ({', '.join(one[:24] for one in examples)}…)" if examples else head[:60]


routes = [
    page("/prets/importer", start, who=member),
    page("/prets/importer", take_file, who=member, methods=["POST"], max_body=HEAVIEST + 64 * 1024,
         limit=Rate("lending-import", 20, 3600)),
    page("/prets/importer/modele.csv", template, who=member),
    page("/prets/importer/{id:id}", show, who=member),
    page("/prets/importer/{id:id}", take_in, who=member, methods=["POST"]),
    page("/prets/importer/{id:id}/colonnes", tell_columns, who=member, methods=["POST"]),
]  # fmt: skip
