"""The page of a help."""

from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges import Exchange
from echange.http import Viewer, blank, render, viewer_of
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.members import face_photo, trust_of
from echange.mutual_aid import warnings
from echange.mutual_aid.forms import ProposalForm
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import Help, RotaSlot
from echange.mutual_aid.proposing import TAKEN, UNDER_WAY
from echange.mutual_aid.seeing import persons_of
from echange.mutual_aid.showing import HelpDetail, detail_of
from echange.mutual_aid.telling_view import mine_of, told_of

MOST_ANSWERS: Final = 200


async def show_help(request: Request) -> Response:
    """GET /entraide/12"""
    aid = await visible_help(request)
    return render(request, "mutual_aid/help.html", await page_of(aid, request))


async def page_of(aid: Help, request: Request) -> dict[str, Any]:
    """What the page of a help needs, with an empty proposal."""
    viewer = viewer_of(request)
    person = None if aid.organisation_id else aid.person
    detail = await detail_of(aid, viewer, await face_photo(person, viewer) if person else "")
    return {
        "help": detail,
        "trust": await trust_of(person.id, viewer) if person else None,
        "form": blank(ProposalForm, minutes=said(aid.minutes)),
        "roles": _role_choices(detail),
        "slots": [(n, words) for n, words, to_come in detail.slots if to_come],
        "has_rota": await RotaSlot.exists(help_id=aid.id, ended_at=None),
        "mine": await _mine(aid, viewer) if viewer and not detail.can_edit else None,
        **(await _answers(aid, viewer) if viewer and detail.can_edit else {"waiting": [], "coming": []}),
        "trade": await _trade(aid, viewer, detail),
        "told": await told_of(aid, viewer) if viewer and detail.can_edit else None,
        "match": await mine_of(aid, viewer) if viewer and not detail.can_edit else None,
    }


def _role_choices(detail: HelpDetail) -> list[tuple[str, str]]:
    return [
        (
            role.name,
            _("{role} ({n} sur {all} à trouver)").format(role=role.name, n=role.left, all=role.people),
        )
        for role in detail.roles
        if role.left
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """A neighbour who proposed, or was said yes to."""

    url: str
    name: str
    role: str


async def _answers(aid: Help, viewer: Viewer) -> dict[str, list[Answer]]:
    """Who waits for a yes, and who comes, as its person sees them."""
    about = Exchange.visible_to(viewer).filter(about_kind="help", about_id=aid.id)
    rows = await about.order_by("id").limit(MOST_ANSWERS).select_related("giver", "receiver")
    told: dict[str, list[Answer]] = {"waiting": [], "coming": []}
    for row in rows:
        other = row.giver if aid.kind == "ask" else row.receiver
        if row.state == "proposed":
            told["waiting"].append(Answer(row.url, other.name, row.role))
        elif row.state in TAKEN:
            told["coming"].append(Answer(row.url, other.name, row.role))
    return told


async def _mine(aid: Help, viewer: Viewer) -> Exchange | None:
    """What the viewer and its person already speak of."""
    ids = list(persons_of(viewer))
    side = {"giver_id__in": ids} if aid.kind == "ask" else {"receiver_id__in": ids}
    about = Exchange.filter(about_kind="help", about_id=aid.id, state__in=UNDER_WAY, **side)
    return await about.order_by("-id").first()


async def _trade(aid: Help, viewer: Viewer | None, detail: HelpDetail) -> str:
    if viewer is None or aid.kind != "ask" or not aid.counted or not detail.can_answer:
        return ""
    return await warnings.trade_note(viewer.id)
