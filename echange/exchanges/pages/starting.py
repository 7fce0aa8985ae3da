"""What a proposal begins with: with whom, about what, and all that is known of it already."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from echange.chat import Card, Subjects
from echange.exchanges.life import other_side
from echange.exchanges.models import Exchange
from echange.exchanges.pages.forms import StartQuery, Way
from echange.exchanges.queries import SHOWN
from echange.exchanges.sides import SCOPE, member_at, organisation_at
from echange.http import NotFound, Viewer
from echange.http.durations import said
from echange.members import Profile, organisations_of, person_of, profile_for

# Who offers a service gives their time; who seeks one receives it.
_OWNER_GIVES = frozenset({"service_offered"})


@dataclass(frozen=True, slots=True)
class Start:
    """`about` is kind and id of what it came from; `values` are filled in beforehand.

    `hats`: the organisations for which the other one may stand, by id and name.
    """

    other: Profile
    hats: list[tuple[int, str]]
    about: tuple[str, int] | None = None
    card: Card | None = None
    values: dict[str, Any] = field(default_factory=dict)


async def start_of(request: Request, viewer: Viewer, asked: StartQuery) -> Start | None:
    """The start that an address names, None when it names nobody yet. Raises NotFound, OutOfScope."""
    me = person_of(viewer, SCOPE)
    if asked.encore is not None:
        return await _again(viewer, asked.encore)
    if asked.annonce is not None:
        return await _about_ad(request, viewer, me, asked.annonce, asked.membre)
    if asked.membre is not None:
        return await _with(viewer, asked.membre, about=("member", asked.membre), skill=asked.savoir)
    return None


async def _with(
    viewer: Viewer,
    member_id: int,
    *,
    about: tuple[str, int] | None = None,
    card: Card | None = None,
    **values: object,
) -> Start:
    other = await profile_for(viewer, member_id)
    hats = [(hat.id, hat.name) for hat in await organisations_of(member_id) if hat.speaks]
    return Start(
        other, hats, about, card, {name: value for name, value in values.items() if value is not None}
    )


async def _about_ad(request: Request, viewer: Viewer, me: int, ad_id: int, member_id: int | None) -> Start:
    """With its owner; its owner names the neighbour."""
    subjects: Subjects = request.app.state.subjects
    card = (await subjects.cards([("ad", ad_id)], viewer)).get(("ad", ad_id))
    owner = await subjects.counterpart("ad", ad_id, viewer)
    other = owner or member_id
    if card is None or other is None or other == me or (owner and member_id not in {None, owner}):
        raise NotFound
    way: Way = "give" if (card.kind in _OWNER_GIVES) == (owner is None) else "receive"
    return await _with(viewer, other, about=("ad", ad_id), card=card, way=way, title=card.title)


async def _again(viewer: Viewer, exchange_id: int) -> Start:
    """The same once more, with the same neighbour."""
    it = await Exchange.visible_to(viewer).select_related(*SHOWN).get_or_none(id=exchange_id)
    side = it.side_of(viewer) if it else None
    if it is None or side is None:
        raise NotFound
    # A help has proposals of its own, with roles and places to take.
    about = (it.about_kind, it.about_id) if it.about_kind in {"ad", "member"} and it.about_id else None
    return await _with(
        viewer,
        member_at(it, other_side(side)),
        about=about,
        way="give" if side == "giver" else "receive",
        title=it.title,
        minutes=said(it.minutes),
        place=it.place,
        skill=it.skill_id,
        organisation=organisation_at(it, other_side(side)),
    )
