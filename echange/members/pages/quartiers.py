"""The quartiers: the admin adds, renames, and says which names the town has confirmed."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Invalid,
    NotFound,
    Refusal,
    admin,
    blank,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.members.forms import QuartierForm, RenameForm, SeenForm
from echange.members.models import Quartier
from echange.members.quartiers import add_quartier, confirm_quartier, rename_quartier, unconfirm_quartier

LIST: Final = "/administration/quartiers"


async def list_quartiers(request: Request) -> Response:
    """GET /administration/quartiers"""
    return render(request, "members/quartiers.html", await _list_screen(blank(QuartierForm)))


async def add(request: Request) -> Response:
    """POST /administration/quartiers"""
    bound = await read_form(request, QuartierForm)
    if bound.data is not None:
        try:
            added = await add_quartier(bound.data.name, by=signed_in(request).id)
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="name")
        else:
            return redirect(request, LIST, say=_("« {name} » est dans la liste.").format(name=added.name))
    return refused_form(request, "members/quartiers.html", await _list_screen(bound))


async def _list_screen(form: Bound[QuartierForm]) -> dict[str, Any]:
    quartiers = await Quartier.all()
    return {
        "form": form,
        "quartiers": [
            {"name": one.name, "confirmed": one.confirmed, "url": f"{LIST}/{one.id}"} for one in quartiers
        ],
        "left": sum(not one.confirmed for one in quartiers),
    }


async def show_renaming(request: Request) -> Response:
    """GET /administration/quartiers/12"""
    one = await _quartier(request)
    return render(request, "members/quartier.html", _one_screen(one, blank(RenameForm, name=one.name)))


async def rename(request: Request) -> Response:
    """POST /administration/quartiers/12"""
    one = await _quartier(request)
    bound = await read_form(request, RenameForm)
    if bound.data is not None:
        try:
            await rename_quartier(one.id, bound.data.name, by=signed_in(request).id, seen=bound.data.seen)
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="name")
        else:
            return redirect(request, LIST, say=_("C’est renommé. La ville a ce nom à confirmer."))
    return refused_form(request, "members/quartier.html", _one_screen(await _quartier(request), bound))


def _one_screen(one: Quartier, form: Bound[RenameForm]) -> dict[str, Any]:
    return {"form": form, "quartier": {"name": one.name, "url": f"{LIST}/{one.id}"}}


async def confirm(request: Request) -> Response:
    """POST /administration/quartiers/12/confirmation"""
    one, seen = await _quartier(request), await _seen(request)
    try:
        await confirm_quartier(one.id, by=signed_in(request).id, seen=seen)
    except Refusal as refusal:
        return redirect(request, LIST, say=refusal.title, kind="info")
    return redirect(request, LIST, say=_("La ville a confirmé « {name} ».").format(name=seen))


async def unconfirm(request: Request) -> Response:
    """POST /administration/quartiers/12/confirmation/retrait"""
    one, seen = await _quartier(request), await _seen(request)
    try:
        await unconfirm_quartier(one.id, by=signed_in(request).id, seen=seen)
    except Refusal as refusal:
        return redirect(request, LIST, say=refusal.title, kind="info")
    return redirect(request, LIST, say=_("« {name} » est de nouveau à confirmer.").format(name=seen))


async def _quartier(request: Request) -> Quartier:
    quartier = await Quartier.get_or_none(id=request.path_params["id"])
    if quartier is None:
        raise NotFound
    return quartier


async def _seen(request: Request) -> str:
    bound = await read_form(request, SeenForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    return bound.data.seen


routes = [
    page(LIST, list_quartiers, who=admin),
    page(LIST, add, who=admin, methods=("POST",)),
    page(LIST + "/{id:id}", show_renaming, who=admin),
    page(LIST + "/{id:id}", rename, who=admin, methods=("POST",)),
    page(LIST + "/{id:id}/confirmation", confirm, who=admin, methods=("POST",)),
    page(LIST + "/{id:id}/confirmation/retrait", unconfirm, who=admin, methods=("POST",)),
]
