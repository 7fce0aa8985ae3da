"""The pages on which a loan is taken back, and on which loss and damage are told."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Bound, Refusal, attempt, blank, read_form, redirect, refused_form, render, signed_in
from echange.http.dates import today
from echange.http.uploads import chosen_files
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending import deposits
from echange.lending.cards import euros
from echange.lending.conditions import MOST_PHOTOS, Look, Photos, departures_of, with_photos
from echange.lending.desk import borrower_of
from echange.lending.desk_screen_forms import DamageScreenForm, LossScreenForm, ReturnScreenForm
from echange.lending.incidents import lost_in
from echange.lending.life import TO_SETTLE
from echange.lending.loan_loading import visible_loan
from echange.lending.loan_refusals import NotNow
from echange.lending.losing import declare_lost, report_damage
from echange.lending.models.loan import Loan
from echange.lending.pages.desk import DESK
from echange.lending.pages.desk_seen import (
    MOST_FILES,
    Seen,
    accessories_of,
    before_said,
    conditions_offered,
    read_seen,
)
from echange.lending.pages.handover import refused_at
from echange.lending.pieces import Piece, pieces_of
from echange.lending.returning import take_back
from echange.media import MAX_BYTES

PAGE: Final = "lending/desk_return.html"


async def ask_return(request: Request) -> Response:
    """GET /prets/demandes/12/retour?unite=FOR-012: `unite` is the one in hand."""
    it, viewer = await visible_loan(request), signed_in(request)
    pieces = await _expected(it)
    if not pieces or "return" not in await it.next_for(viewer):
        return redirect(request, it.url, say=await it.why_not(viewer, "return"), kind="info")
    at_hand = request.query_params.get("unite", "")
    return render(
        request, PAGE, await _screen(it, pieces, blank(ReturnScreenForm, **_as_before(pieces, at_hand)))
    )


async def bring_back(request: Request) -> Response:
    """POST /prets/demandes/12/retour."""
    it, viewer = await visible_loan(request), signed_in(request)
    pieces = await _expected(it)
    if not pieces:
        return redirect(request, it.url, say=NotNow().title, kind="info")
    seen = await read_seen(request, pieces, await accessories_of(pieces))
    bound = await read_form(request, ReturnScreenForm)
    if bound.data is None or seen.errors:
        return refused_form(request, PAGE, await _screen(it, pieces, seen.with_errors(bound)))
    try:
        data, moment = bound.data, bound.data.moment

        async def act(photos: Photos) -> bool:
            return await take_back(
                it,
                by=viewer,
                units=list(seen.units),
                looks=seen.looks,
                photos=photos,
                at=moment,
                words=data.said,
            )

        await with_photos(request.app.state.store, seen.files, act)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        told = refused_at(seen.with_errors(bound), refusal, Seen())
        return refused_form(request, PAGE, await _screen(it, pieces, told))
    return redirect(request, await _next(it), say=_said(it, len(pieces) - len(seen.units)))


async def _next(it: Loan) -> str:
    """Back to the desk, unless there is a deposit to give back or something to decide."""
    await it.refresh_from_db()
    settle = it.state in TO_SETTLE and (it.state != "returned" or (await deposits.account_of(it)).left)
    return it.url if settle else DESK


def _said(it: Loan, left: int) -> str:
    if it.state == "out" and left:
        return ngettext(
            "C’est noté. Il manque encore {n} exemplaire.",
            "C’est noté. Il manque encore {n} exemplaires.",
            left,
        ).format(n=left)
    return _("C’est rendu.")


async def _expected(it: Loan) -> list[Piece]:
    """What is out, and what was lost and may be found."""
    lost = await lost_in(it)
    return [piece for piece in await pieces_of(it) if piece.kind == "out" or piece.unit_id in lost]


def _as_before(pieces: Sequence[Piece], at_hand: str) -> dict[str, Any]:
    """All that is out is back unless one is in hand: that one then."""
    out = [piece for piece in pieces if piece.kind == "out"]
    ticked = {piece.unit_id for piece in out if not at_hand or piece.code == at_hand} or {
        p.unit_id for p in out
    }
    values: dict[str, Any] = {}
    for piece in pieces:
        values[f"back-{piece.unit_id}"] = "on" if piece.unit_id in ticked else ""
        values[f"condition-{piece.unit_id}"] = piece.condition
        values[f"there-{piece.unit_id}"] = None
    return values


async def _screen(it: Loan, pieces: Sequence[Piece], form: Bound[Any]) -> dict[str, Any]:
    accessories, before = await accessories_of(pieces), await departures_of(it)
    return {
        "it": it,
        "form": form,
        "who": borrower_of(it),
        "lines": [
            {
                "piece": piece,
                "accessories": accessories.get(piece.item_id, []),
                "before": before_said(before.get(piece.unit_id)),
                "conditions": conditions_offered(piece.condition),
            }
            for piece in pieces
        ],
        "deposit": euros((await deposits.account_of(it)).left or None),
        "last_day": today().isoformat(),
    }


async def ask_loss(request: Request) -> Response:
    """GET /prets/demandes/12/perte."""
    return await _ask(request, "loss", blank(LossScreenForm))


async def lose(request: Request) -> Response:
    """POST /prets/demandes/12/perte."""
    it, viewer = await visible_loan(request), signed_in(request)

    async def do(data: LossScreenForm) -> str:
        await declare_lost(it, by=viewer, units=data.units or None, words=data.words)
        return _("C’est noté perdu, et c’est dit.")

    async def refused(bound: Bound[LossScreenForm]) -> Response:
        return refused_form(request, "lending/desk_loss.html", await _report_screen(it, bound))

    bound = await read_form(request, LossScreenForm)
    return await attempt(request, bound, do, then=it.url, refused=refused, at="units")


async def ask_damage(request: Request) -> Response:
    """GET /prets/demandes/12/dommage."""
    return await _ask(request, "damage", blank(DamageScreenForm))


async def damage(request: Request) -> Response:
    """POST /prets/demandes/12/dommage: with photos."""
    it, viewer = await visible_loan(request), signed_in(request)
    form = await request.form(max_files=MOST_FILES)
    bound = await read_form(request, DamageScreenForm)
    if bound.data is None:
        return refused_form(request, "lending/desk_damage.html", await _report_screen(it, bound))
    data = bound.data
    usable = data.usable == "yes"
    look = Look("worn" if usable else "broken", data.words, damaged=True,
                repair_until=None if usable else data.repair_until)  # fmt: skip
    files = [await file.read(MAX_BYTES + 1) for file in chosen_files(form, "photos")[:MOST_PHOTOS]]
    there = [piece.unit_id for piece in await pieces_of(it)]
    unit = data.unit or (there[0] if len(there) == 1 else None)
    try:

        async def act(photos: Photos) -> bool:
            return await report_damage(it, by=viewer, unit=unit, look=look, photos=photos)

        await with_photos(request.app.state.store, {unit or 0: files}, act)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        told = _photos_at_theirs(bound.refuse(refusal, at="unit"))
        return refused_form(request, "lending/desk_damage.html", await _report_screen(it, told))
    return redirect(request, it.url, say=_("C’est noté abîmé, et c’est dit."))


def _photos_at_theirs(bound: Bound[Any]) -> Bound[Any]:
    errors = {"photos" if name.startswith("photos-") else name: texts for name, texts in bound.errors.items()}
    return Bound(values=bound.values, errors=errors)


async def _ask(request: Request, verb: str, form: Bound[Any]) -> Response:
    it = await visible_loan(request)
    verbs = await it.next_for(signed_in(request))
    # More may be found broken after the first.
    if verb not in verbs and not (verb == "damage" and it.state == "damaged" and "closing" in verbs):
        return redirect(request, it.url, say=NotNow().title, kind="info")
    return render(request, f"lending/desk_{verb}.html", await _report_screen(it, form))


async def _report_screen(it: Loan, form: Bound[Any]) -> dict[str, Any]:
    pieces = [
        piece for piece in await pieces_of(it) if piece.kind in {"out", "back"} and piece.condition != "lost"
    ]
    out = [piece for piece in pieces if piece.kind == "out"]
    return {
        "it": it,
        "form": form,
        "who": borrower_of(it),
        "units": [(piece.unit_id, piece.code) for piece in pieces],
        "out": [(piece.unit_id, piece.code) for piece in out or pieces],
        "last_day": today().isoformat(),
    }
