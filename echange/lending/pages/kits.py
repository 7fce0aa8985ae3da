"""What a kit is made of, told by who lends it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Bound, Form, Refusal, redirect, refused_form, render, signed_in
from echange.i18n import gettext as _
from echange.lending.item_showing import detail_of
from echange.lending.loading import own_item
from echange.lending.models.item import Item
from echange.lending.models.parts import KitPart
from echange.lending.queries import usable_units
from echange.lending.screen_forms import parts_in


async def show_kit(request: Request) -> Response:
    """GET /prets/12/lot"""
    item = await own_item(request)
    if not item.is_kit:
        return redirect(request, f"/prets/{item.id}/exemplaires")
    told = {part.item_id: (str(part.quantity), part.optional) for part in await KitPart.of(item)}
    return render(request, "lending/kit.html", await _kit_screen(request, item, told, Bound()))


async def write_kit(request: Request) -> Response:
    """POST /prets/12/lot: how many of each of the lender's things, and which are a choice."""
    item, viewer = await own_item(request), signed_in(request)
    if not item.is_kit:
        return redirect(request, f"/prets/{item.id}/exemplaires")
    asked = await _asked(request, item)
    try:
        await KitPart.tell(item, parts_in(asked), by=viewer)
    except Refusal as refusal:
        bound = Bound[Form]().refuse(refusal)
        return refused_form(request, "lending/kit.html", await _kit_screen(request, item, asked, bound))
    if item.published_at is None:
        return redirect(request, f"/prets/{item.id}/details")
    return redirect(request, item.url, say=_("Le lot est enregistré."))


async def _asked(request: Request, kit: Item) -> dict[int, tuple[str, bool]]:
    form = await request.form(max_files=0, max_fields=1000)
    asked = {}
    for one in await _possible(kit):
        many = form.get(f"many-{one.id}")
        asked[one.id] = (many[:10] if isinstance(many, str) else "", bool(form.get(f"optional-{one.id}")))
    return asked


async def _possible(kit: Item) -> list[Item]:
    """Things of the same lender, collected at the same place."""
    mine = Item.filter(lender_id=kit.lender_id, place_id=kit.place_id, model_id__isnull=False)
    return list(await mine.order_by("title", "id").limit(300))


async def _kit_screen(
    request: Request, kit: Item, told: dict[int, tuple[str, bool]], form: Bound[Any]
) -> dict[str, Any]:
    possible = await _possible(kit)
    units = await usable_units([one.id for one in possible])
    lines = []
    for one in possible:
        many, optional = told.get(one.id, ("", False))
        if one.state not in {"published", "draft"} and not many:
            continue
        lines.append(
            {
                "id": one.id,
                "title": one.title,
                "units": units[one.id],
                "many": many,
                "optional": optional,
                "there": one.withdrawn_at is None and one.hidden_at is None,
            }
        )
    return {"item": detail_of(kit, signed_in(request)), "lines": lines, "form": form}
