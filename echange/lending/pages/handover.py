"""Over the counter: the page on which a loan is handed over, and the photos of how things were."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.http import (
    Bound,
    Invalid,
    NotFound,
    Refusal,
    Viewer,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.http.dates import day as day_said
from echange.http.dates import today
from echange.i18n import gettext as _
from echange.lending import deposits
from echange.lending.cards import euros
from echange.lending.conditions import Photos, with_photos
from echange.lending.deposits import MEANS
from echange.lending.desk import borrower_of
from echange.lending.desk_screen_forms import HandoverScreenForm
from echange.lending.handing import hand_over
from echange.lending.loan_loading import visible_loan
from echange.lending.loan_refusals import NotNow
from echange.lending.models.condition import ConditionPhoto
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Unit
from echange.lending.pages.desk import DESK
from echange.lending.pages.desk_seen import Seen, accessories_of, conditions_offered, read_seen
from echange.lending.pieces import Piece, only, pieces_of, units_called
from echange.lending.unit_life import states_of
from echange.media import Store

PAGE: Final = "lending/desk_handover.html"


async def ask_handover(request: Request) -> Response:
    """GET /prets/demandes/12/sortie?unite=FOR-012: `unite` is the one in hand."""
    it, viewer = await visible_loan(request), signed_in(request)
    pieces = only(await pieces_of(it), "booked")
    if not await _can(it, viewer, pieces):
        return redirect(request, it.url, say=await it.why_not(viewer, "handover"), kind="info")
    form = blank(HandoverScreenForm, **_foreseen(pieces, request.query_params.get("unite", "")))
    account = await deposits.account_of(it)
    if it.item.deposit_cents and not account.left:
        form.values["deposit"] = euros(it.item.deposit_cents * it.quantity)
    return render(request, PAGE, await _screen(it, pieces, form))


async def hand(request: Request) -> Response:
    """POST /prets/demandes/12/sortie."""
    it, viewer = await visible_loan(request), signed_in(request)
    pieces = only(await pieces_of(it), "booked")
    if not pieces:
        # A second click, or another desk was faster.
        return redirect(request, it.url, say=NotNow().title, kind="info")
    seen = await read_seen(request, pieces, await accessories_of(pieces))
    bound = await read_form(request, HandoverScreenForm)
    if bound.data is None or seen.errors:
        return await _refused(request, it, pieces, seen.with_errors(bound))
    try:
        ids = await units_called(seen.units.values())
        going = {unit: ids[code] for unit, code in seen.units.items()}
        looks = {going[unit]: look for unit, look in seen.looks.items()}
        files = {going[unit]: shots for unit, shots in seen.files.items()}
        data, moment = bound.data, bound.data.moment

        async def act(photos: Photos) -> bool:
            return await hand_over(
                it, by=viewer, units=list(going.values()), looks=looks, photos=photos, deposit=data.sum,
                identity=data.identity, at=moment, words=data.said,
            )  # fmt: skip

        await with_photos(request.app.state.store, files, act)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return await _refused(request, it, pieces, refused_at(seen.with_errors(bound), refusal, seen))
    said = _("Remis à {name}. À rapporter {day}.").format(name=borrower_of(it), day=day_said(it.ends_at))
    return redirect(request, DESK, say=said)


def refused_at(bound: Bound[Any], refusal: Refusal, seen: Seen) -> Bound[Any]:
    """A rule's no beside the field it is about."""
    if isinstance(refusal, Invalid) and "units" in refusal.errors:
        return Bound(values=bound.values, errors={"": refusal.errors["units"]})
    at = {"not_of_loan": "code", "unit_taken": "code"}.get(refusal.code, "")
    if at and len(seen.units) == 1:
        at = f"{at}-{next(iter(seen.units))}"
    elif at:
        at = ""
    at = {"deposit_too_high": "deposit", "no_deposit": "deposit"}.get(refusal.code, at)
    at = {"too_long_ago": "day", "not_yet": "day", "before_last_event": "day"}.get(refusal.code, at)
    return bound.refuse(refusal, at=at)


async def _refused(request: Request, it: Loan, pieces: Sequence[Piece], form: Bound[Any]) -> Response:
    return refused_form(request, PAGE, await _screen(it, pieces, form))


async def _can(it: Loan, viewer: Viewer, pieces: Sequence[Piece]) -> bool:
    """What stayed behind of a loan that is out can still be handed over."""
    return bool(pieces) and not {"handover", "return"}.isdisjoint(await it.next_for(viewer))


def _foreseen(pieces: Sequence[Piece], at_hand: str) -> dict[str, Any]:
    """Every unit as it is foreseen; the first one gives way to the one in hand."""
    values: dict[str, Any] = {}
    for piece in pieces:
        values[f"code-{piece.unit_id}"] = piece.code
        values[f"condition-{piece.unit_id}"] = piece.condition
        values[f"there-{piece.unit_id}"] = None
    if pieces and at_hand and at_hand not in {piece.code for piece in pieces}:
        values[f"code-{pieces[0].unit_id}"] = at_hand[:40]
    return values


async def _screen(it: Loan, pieces: Sequence[Piece], form: Bound[Any]) -> dict[str, Any]:
    accessories = await accessories_of(pieces)
    return {
        "it": it,
        "form": form,
        "who": borrower_of(it),
        "lines": [
            {"piece": piece, "accessories": accessories.get(piece.item_id, []),
             "conditions": conditions_offered(piece.condition)}
            for piece in pieces
        ],
        "others": await _others(pieces),
        "means": [(slug, _(label)) for slug, label in MEANS.items()],
        "deposit": euros(it.item.deposit_cents * it.quantity) if it.item.deposit_cents else "",
        "taken": euros((await deposits.account_of(it)).left or None),
        "last_day": today().isoformat(),
    }  # fmt: skip


async def _others(pieces: Sequence[Piece]) -> list[str]:
    """Codes of units that are there and could go instead."""
    models = {piece.model_id for piece in pieces}
    units = await Unit.filter(item__model_id__in=list(models)).order_by("code").limit(200)
    states = await states_of([unit.id for unit in units])
    return [unit.code for unit in units if states[unit.id].word == "there"]


async def show_condition_photo(request: Request) -> Response:
    """GET /prets/etats/3/photos/7-640.webp, for both sides of the loan."""
    place = request.path_params
    photo = await ConditionPhoto.get_or_none(id=place["photo"], report_id=place["id"]).select_related(
        "report"
    )
    if photo is None or place["width"] not in photo.widths:
        raise NotFound
    if not await Loan.visible_to(viewer_of(request)).filter(id=photo.report.loan_id).exists():
        raise NotFound
    store: Store = request.app.state.store
    path = store.path(photo.name, place["width"])
    if not path.is_file():
        raise NotFound
    return FileResponse(path, media_type="image/webp", headers={"cache-control": "private, no-store"})
