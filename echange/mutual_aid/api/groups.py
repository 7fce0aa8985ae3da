"""Groups of helpers in JSON, over the same verbs as the pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    NotAllowed,
    NotFound,
    Out,
    Rate,
    Viewer,
    anyone,
    api,
    member,
    read_json,
    signed_in,
    viewer_of,
)
from echange.http import answer as reply
from echange.members import Organisation
from echange.mutual_aid.group_forms import EntrustForm, GroupForm, GroupPatch, HelperForm
from echange.mutual_aid.groups import GroupCard, card_of, entrust, groups_of, helpers_of
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import HelperGroup
from echange.mutual_aid.models.group import speaks

JOINING: Final = Rate("helper group", 20, 3600)


class GroupOut(Out):
    """`mine`: coordinator, helper, asking or nothing. `waiting` is told to who looks after it."""

    id: int
    name: str
    words: str
    people: int
    waiting: int
    closed: bool
    mine: str | None
    url: str


class GroupPage(Out):
    items: list[GroupOut]
    next: str | None


class HelperOut(Out):
    id: int
    name: str
    accepted: bool


class HelperPage(Out):
    items: list[HelperOut]
    next: str | None


class EntrustedOut(Out):
    group: int | None


async def list_groups(request: Request) -> Response:
    organisation = await _organisation(request)
    cards = await groups_of(organisation.id, organisation.slug, viewer_of(request))
    return reply(GroupPage(items=[_out(card) for card in cards], next=None))


async def create_group(request: Request) -> Response:
    """By who speaks for the organisation; its coordinator is one of its people, oneself when not told."""
    organisation, me = await _organisation(request), signed_in(request)
    if not await speaks(me, organisation.id):
        raise NotAllowed
    form = await read_json(request, GroupForm)
    group = await HelperGroup.create_for(
        organisation, by=me, name=form.name, words=form.words, coordinator_id=form.coordinator
    )
    return reply(_out(await card_of(group, organisation.slug, me)), 201)


async def show_group(request: Request) -> Response:
    return reply(await _fresh(await visible_group(request), viewer_of(request)))


async def change_group(request: Request) -> Response:
    """Only what is given; another `coordinator` takes over."""
    group, me = await visible_group(request), signed_in(request)
    form = await read_json(request, GroupPatch)
    await group.rewrite(
        by=me,
        name=form.name if form.name is not None else group.name,
        words=form.words if form.words is not None else group.words,
        coordinator_id=form.coordinator,
    )
    return reply(await _fresh(group, me))


async def list_helpers(request: Request) -> Response:
    """For its own people only; who asks is told to who looks after it."""
    group, me = await visible_group(request), signed_in(request)
    card = await card_of(group, "", me)
    if not (card.leads or card.mine in {"coordinator", "helper"}):
        raise NotAllowed
    people = await helpers_of(group, me, asking=card.leads)
    items = [HelperOut(id=one.id, name=one.name, accepted=one.accepted) for one in people]
    return reply(HelperPage(items=items, next=None))


async def add_helper(request: Request) -> Response:
    """Without a member: ask to help. With one: its coordinator takes in who asked."""
    group, me = await visible_group(request), signed_in(request)
    form = await read_json(request, HelperForm)
    if form.member is None:
        await group.ask(by=me)
    else:
        await group.accept(form.member, by=me)
    return reply(await _fresh(group, me), 201)


async def leave_group(request: Request) -> Response:
    """Or ask no more."""
    await (await visible_group(request)).leave(by=signed_in(request))
    return reply(None, 204)


async def remove_helper(request: Request) -> Response:
    """Its coordinator says no, or goodbye."""
    group = await visible_group(request)
    await group.remove(request.path_params["member"], by=signed_in(request))
    return reply(None, 204)


async def close_group(request: Request) -> Response:
    group, me = await visible_group(request), signed_in(request)
    await group.close(by=me)
    return reply(await _fresh(group, me), 201)


async def reopen_group(request: Request) -> Response:
    await (await visible_group(request)).reopen(by=signed_in(request))
    return reply(None, 204)


async def entrust_help(request: Request) -> Response:
    """A help is for a group's helpers, who are told; or for none."""
    aid = await visible_help(request)
    form = await read_json(request, EntrustForm)
    await entrust(aid, form.group, by=signed_in(request))
    return reply(EntrustedOut(group=form.group))


async def visible_group(request: Request) -> HelperGroup:
    """The group of the address. Raises NotFound."""
    group = await HelperGroup.visible_to(viewer_of(request)).get_or_none(id=request.path_params["id"])
    if group is None:
        raise NotFound
    return group


async def _organisation(request: Request) -> Organisation:
    seen = Organisation.visible_to(viewer_of(request))
    organisation = await seen.get_or_none(id=request.path_params["id"])
    if organisation is None:
        raise NotFound
    return organisation


async def _fresh(group: HelperGroup, viewer: Viewer | None) -> GroupOut:
    fresh = await HelperGroup.get(id=group.id)
    organisation = await Organisation.get(id=group.organisation_id)
    return _out(await card_of(fresh, organisation.slug, viewer))


def _out(card: GroupCard) -> GroupOut:
    return GroupOut(
        id=card.id,
        name=card.name,
        words=card.words,
        people=card.people,
        waiting=card.waiting,
        closed=card.closed,
        mine=card.mine or None,
        url=card.url,
    )


_GROUP: Final = "/helper-groups/{id:id}"

routes = [
    api("GET", "/organisations/{id:id}/helper-groups", list_groups, who=anyone,
        summary="Les groupes de bénévoles d’une organisation", answer=GroupPage),
    api("POST", "/organisations/{id:id}/helper-groups", create_group, who=member,
        summary="Ouvrir un groupe de bénévoles", body=GroupForm, answer=GroupOut, status=201),
    api("GET", _GROUP, show_group, who=anyone, summary="Un groupe de bénévoles", answer=GroupOut),
    api("PATCH", _GROUP, change_group, who=member, summary="Changer un groupe, ou qui le coordonne",
        body=GroupPatch, answer=GroupOut),
    api("GET", _GROUP + "/members", list_helpers, who=member, summary="Les bénévoles d’un groupe",
        answer=HelperPage),
    api("POST", _GROUP + "/members", add_helper, who=member,
        summary="Demander à aider, ou accueillir quelqu’un",
        body=HelperForm, answer=GroupOut, status=201, limit=JOINING),
    api("DELETE", _GROUP + "/members", leave_group, who=member, summary="Quitter un groupe de bénévoles",
        status=204),
    api("DELETE", _GROUP + "/members/{member:id}", remove_helper, who=member,
        summary="Refuser ou retirer un bénévole", status=204),
    api("POST", _GROUP + "/closure", close_group, who=member, summary="Fermer un groupe de bénévoles",
        answer=GroupOut, status=201),
    api("DELETE", _GROUP + "/closure", reopen_group, who=member, summary="Rouvrir un groupe de bénévoles",
        status=204),
    api("PUT", "/helps/{id:id}/group", entrust_help, who=member,
        summary="Confier un coup de main à un groupe de bénévoles", body=EntrustForm, answer=EntrustedOut),
]  # fmt: skip
