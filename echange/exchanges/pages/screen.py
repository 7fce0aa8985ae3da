"""The page of one exchange: where it stands, and the one next step of whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request

from echange.chat import Subjects
from echange.exchanges.clock import ANSWER_WITHIN, CONFIRM_WITHIN
from echange.exchanges.life import OVER, Side, Verb, other_side
from echange.exchanges.models import Exchange, Thanks
from echange.exchanges.pages.forms import NothingForm
from echange.exchanges.pages.people import parties_of
from echange.exchanges.pages.words import ENDED, sentence_of, steps_of
from echange.exchanges.queries import SHOWN
from echange.exchanges.settling import sides_gone
from echange.exchanges.showing import Happened, history_of
from echange.exchanges.sides import hats_of, member_at
from echange.http import Bound, Viewer, blank, signed_in
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.members import Skill

# One click each, beside the time that was planned.
QUICK: Final = (30, 60, 90, 120)
ABOUT_WORDS: Final = ("ad", "help")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history."""

    kind: str
    at: datetime
    sentence: str
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """A thank-you, as the two read it under their exchange; `stands` while others read it on the profile."""

    id: int
    words: str
    name: str
    mine: bool
    to_me: bool
    stands: bool


async def screen_of(request: Request, it: Exchange, form: Bound[Any] | None = None) -> dict[str, Any]:
    """What the page needs; `form` is the one that was refused."""
    viewer = signed_in(request)
    it = await Exchange.filter(id=it.id).select_related(*SHOWN).get()
    side, verbs = it.side_of(viewer), await it.next_for(viewer)
    history = await history_of(it)
    parties = (await parties_of([it], viewer))[it.id]
    thanks = await _thanks(it, side)
    return {
        "it": it,
        "side": side,
        "verbs": verbs,
        "situation": _situation(it, side, verbs, viewer),
        "gone": it.state == "disputed" and bool(await sides_gone(it)),
        "hat": _hat_for(it, viewer),
        "parties": parties,
        "other": parties[other_side(side)] if side else None,
        "about": await _about(request, it, viewer),
        "skill": await _skill(it),
        "way": steps_of(it, {one.kind for one in history}, thanked=any(one.mine for one in thanks)),
        "history": lines_of(history, side),
        "last": history[-1],
        "thanks": thanks,
        "quick": [minutes for minutes in QUICK if minutes != it.minutes],
        "answer_by": it.moved_at + ANSWER_WITHIN,
        "confirm_by": it.moved_at + CONFIRM_WITHIN,
        "is_ahead": it.starts_at is not None and it.starts_at > now(),
        "ended": _(ENDED[it.state]) if it.state in ENDED else "",
        "conversation": it.conversation_id if viewer.id in {it.giver_id, it.receiver_id} else None,
        "form": form or blank(NothingForm),
    }


def lines_of(history: Sequence[Happened], side: Side | None) -> list[Line]:
    """The history in sentences, as this side reads it."""
    return [Line(one.kind, one.at, sentence_of(one, side), one.words) for one in history]


def _hat_for(it: Exchange, viewer: Viewer) -> tuple[int, str] | None:
    """The organisation in whose name they could act here."""
    theirs = {it.giver_organisation_id, it.receiver_organisation_id}
    return next((hat for hat in hats_of(viewer) if hat[0] in theirs), None)


def _situation(it: Exchange, side: Side | None, verbs: Sequence[Verb], viewer: Viewer) -> str:
    """The name of the fragment that says what to do next."""
    if side is None:
        if viewer.id in {it.giver_id, it.receiver_id}:
            return "other_name"
        if _hat_for(it, viewer):
            return "hat"
        return "arbitrate" if "arbitration" in verbs else "looking"
    if it.state == "settled":
        return "settled"
    if it.state in OVER:
        return "over"
    if it.state == "disputed":
        return "disputed"
    # In the order of what somebody would do first.
    for verb, name in _FRAGMENTS.items():
        if verb in verbs:
            return name
    return "both_sides"


_FRAGMENTS: Final[dict[Verb, str]] = {
    "acceptance": "answer",
    "declaration": "agreed",
    "confirmation": "confirm",
    "retraction": "noted",
    "cancellation": "asked",
}


async def _about(request: Request, it: Exchange, viewer: Viewer) -> tuple[str, str] | None:
    """Title and address of the annonce or help that it came from, while the viewer may see it."""
    if it.about_kind not in ABOUT_WORDS or it.about_id is None:
        return None
    subjects: Subjects = request.app.state.subjects
    thing = (it.about_kind, it.about_id)
    card = (await subjects.cards([thing], viewer)).get(thing)
    return (card.title, card.url) if card else None


async def _skill(it: Exchange) -> str:
    skill = await Skill.get_or_none(id=it.skill_id) if it.skill_id else None
    return _(skill.name) if skill else ""


async def _thanks(it: Exchange, side: Side | None) -> list[Said]:
    if it.state != "settled" or side is None:
        return []
    me = member_at(it, side)
    found = await Thanks.filter(exchange_id=it.id, hidden_at=None).order_by("id").select_related("by")
    return [
        Said(one.id, one.words, one.by.name, one.by_id == me, one.member_id == me, one.removed_at is None)
        for one in found
    ]


async def screen_for_form(request: Request, it: Exchange, form: Bound[Any]) -> dict[str, Any]:
    """A page that asks one thing about it."""
    viewer = signed_in(request)
    it = await Exchange.filter(id=it.id).select_related(*SHOWN).get()
    side = it.side_of(viewer)
    parties = (await parties_of([it], viewer))[it.id]
    return {"it": it, "other": parties[other_side(side)] if side else None, "form": form}
