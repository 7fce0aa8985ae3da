"""The desk without network: its page, the worker that opens it, and what is to be settled afterwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.http import Form, NotFound, Refusal, anyone, member, page, read_form, redirect, render, signed_in
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending import merging
from echange.lending.desk import short_name
from echange.lending.kinds import CONDITIONS
from echange.lending.models.device import DeskAct
from echange.web import STATIC_DIR

WORKER: Final = STATIC_DIR / "js/desk/worker.js"
SCOPE: Final = "/prets/comptoir"
_REASONS: Final = {
    "unit_taken": mark("Cet exemplaire était déjà chez quelqu’un d’autre."),
    "already_out": mark("Cet exemplaire était déjà chez quelqu’un d’autre."),
    "before_last_event": mark("Il s’est passé autre chose avec cet exemplaire depuis."),
    "not_your_turn": mark("Qui emprunte ne se remet rien seul, s’il y a quelqu’un d’autre pour le faire."),
    "not_of_loan": mark("Cet exemplaire ne fait plus partie de ce prêt."),
}


class SettleForm(Form):
    act: Annotated[str, Field(pattern="^(apply|drop)$")]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """What was done, and why it could not be written down."""

    id: int
    act: str
    title: str
    codes: list[str]
    words: str
    at: datetime
    by: str
    reason: str
    loan_url: str


async def shell(request: Request) -> Response:
    """GET /prets/comptoir/hors-ligne: the same for everybody; the device fills it."""
    context = {"conditions": [(slug, _(label)) for slug, label in CONDITIONS.items() if slug != "lost"]}
    return render(request, "lending/offline.html", context)


async def worker(request: Request) -> Response:
    """GET /prets/comptoir/ouvrier.js"""
    headers = {"service-worker-allowed": SCOPE, "cache-control": "no-cache"}
    return Response(WORKER.read_bytes(), media_type="text/javascript", headers=headers)


async def conflicts(request: Request) -> Response:
    """GET /prets/comptoir/conflits"""
    found = await merging.conflicts_for(signed_in(request)).limit(100)
    return render(request, "lending/conflicts.html", {"lines": [_view(one) for one in found]})


async def settle(request: Request) -> Response:
    """POST /prets/comptoir/conflits/5"""
    viewer = signed_in(request)
    there = f"{SCOPE}/conflits"
    act = await merging.conflicts_for(viewer).filter(id=int(request.path_params["id"])).first()
    bound = await read_form(request, SettleForm)
    if act is None or bound.data is None:
        raise NotFound
    apply = bound.data.act == "apply"
    try:
        await merging.settle(act, by=viewer, apply=apply)
    except NotFound:
        raise
    except Refusal as refusal:
        return redirect(request, there, say=refusal.title, kind="warning")
    return redirect(request, there, say=_("C’est fait.") if apply else _("Ce geste est laissé de côté."))


def _view(one: DeskAct) -> ConflictView:
    said: dict[str, Any] = orjson.loads(one.content)
    loan = one.loan
    return ConflictView(
        one.id,
        said["act"],
        loan.item.title if loan else "",
        said["units"],
        said.get("words", ""),
        one.done_at,
        short_name(one.device.member.name),
        _(_REASONS.get(one.conflict, mark("Ce prêt a changé entre-temps."))),
        loan.url if loan else SCOPE,
    )


routes = [
    page(f"{SCOPE}/hors-ligne", shell, who=anyone),
    page(f"{SCOPE}/ouvrier.js", worker, who=anyone),
    page(f"{SCOPE}/conflits", conflicts, who=member),
    page(SCOPE + "/conflits/{id:id}", settle, who=member, methods=("POST",)),
]
