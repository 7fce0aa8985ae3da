"""Groups of helpers on the pages of their organisation, and helps that are for one."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    NotAllowed,
    NotFound,
    Rate,
    Refusal,
    Viewer,
    anyone,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.i18n import gettext as _
from echange.members import Organisation
from echange.mutual_aid.group_forms import GroupForm
from echange.mutual_aid.group_refusals import NameTaken, NotOneOfUs
from echange.mutual_aid.groups import (
    card_of,
    groups_of,
    helpers_of,
    people_to_coordinate,
)
from echange.mutual_aid.models import HelperGroup
from echange.mutual_aid.models.group import speaks

GROUPS: Final = "/associations/{slug:slug}/benevoles"
GROUP: Final = GROUPS + "/{id:id}"
JOINING: Final = Rate("helper group", 20, 3600)


async def list_groups(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/benevoles"""
    organisation, viewer = await organisation_of(request), viewer_of(request)
    context = {
        "organisation": organisation,
        "groups": await groups_of(organisation.id, organisation.slug, viewer),
        "leads": await speaks(viewer, organisation.id),
    }
    return render(request, "mutual_aid/groups.html", context)


async def show_group(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/benevoles/4"""
    group, organisation = await visible_group(request)
    return render(request, "mutual_aid/group.html", await _page_of(group, organisation, viewer_of(request)))


async def new_group(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/benevoles/nouveau"""
    organisation = await _led(request)
    form = blank(GroupForm, coordinator=signed_in(request).id)
    return render(request, "mutual_aid/group_edit.html", await _screen(form, organisation))


async def create_group(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/nouveau"""
    organisation = await _led(request)
    bound = await read_form(request, GroupForm)
    if bound.data is not None:
        try:
            group = await HelperGroup.create_for(
                organisation,
                by=signed_in(request),
                name=bound.data.name,
                words=bound.data.words,
                coordinator_id=bound.data.coordinator,
            )
        except Refusal as refusal:
            bound = _refused(bound, refusal)
        else:
            url = f"{organisation.url}/benevoles/{group.id}"
            return redirect(
                request, url, say=_("Le groupe est ouvert : les voisins peuvent demander à aider.")
            )
    return refused_form(request, "mutual_aid/group_edit.html", await _screen(bound, organisation))


async def edit_group(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/benevoles/4/modifier"""
    group, organisation = await led_group(request)
    form = blank(GroupForm, name=group.name, words=group.words, coordinator=group.coordinator_id)
    return render(request, "mutual_aid/group_edit.html", await _screen(form, organisation, group))


async def rewrite_group(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/modifier"""
    group, organisation = await led_group(request)
    bound = await read_form(request, GroupForm)
    if bound.data is not None:
        told = bound.data
        try:
            await group.rewrite(
                by=signed_in(request), name=told.name, words=told.words, coordinator_id=told.coordinator
            )
        except Refusal as refusal:
            bound = _refused(bound, refusal)
        else:
            return redirect(request, f"{organisation.url}/benevoles/{group.id}", say=_("C’est à jour."))
    return refused_form(request, "mutual_aid/group_edit.html", await _screen(bound, organisation, group))


async def join_group(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/demande"""
    group, organisation = await visible_group(request)
    url = f"{organisation.url}/benevoles/{group.id}"
    try:
        await group.ask(by=signed_in(request))
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        context = await _page_of(group, organisation, viewer_of(request)) | {"refusal": refusal.title}
        return refused_form(request, "mutual_aid/group.html", context)
    return redirect(request, url, say=_("C’est demandé. Vous serez prévenu de la réponse."))


async def leave_group(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/depart"""
    group, organisation = await visible_group(request)
    await group.leave(by=signed_in(request))
    return redirect(
        request, f"{organisation.url}/benevoles", say=_("C’est noté : vous n’en faites plus partie.")
    )


async def close_group(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/fermeture"""
    group, organisation = await led_group(request)
    await group.close(by=signed_in(request))
    url = f"{organisation.url}/benevoles/{group.id}"
    return redirect(
        request,
        url,
        say=_("Le groupe est fermé, ses bénévoles sont prévenus."),
        undo_url=f"{url}/reouverture",
    )


async def reopen_group(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/reouverture"""
    group, organisation = await led_group(request)
    url = f"{organisation.url}/benevoles/{group.id}"
    try:
        await group.reopen(by=signed_in(request))
    except NameTaken as refusal:
        return redirect(request, url, say=refusal.title, kind="info")
    return redirect(request, url, say=_("Le groupe est de nouveau ouvert."))


async def organisation_of(request: Request) -> Organisation:
    """The organisation of the address, by its slug. Raises NotFound."""
    seen = Organisation.visible_to(viewer_of(request))
    organisation = await seen.get_or_none(slug=request.path_params["slug"])
    if organisation is None:
        raise NotFound
    return organisation


async def visible_group(request: Request) -> tuple[HelperGroup, Organisation]:
    """The group of the address, as it belongs to the organisation of the address. Raises NotFound."""
    organisation = await organisation_of(request)
    seen = HelperGroup.visible_to(viewer_of(request))
    group = await seen.get_or_none(id=request.path_params["id"], organisation_id=organisation.id)
    if group is None:
        raise NotFound
    return group, organisation


async def led_group(request: Request) -> tuple[HelperGroup, Organisation]:
    """The same for who looks after it. Raises NotFound, NotAllowed."""
    group, organisation = await visible_group(request)
    if not await group.is_led_by(signed_in(request)):
        raise NotAllowed
    return group, organisation


async def _led(request: Request) -> Organisation:
    organisation = await organisation_of(request)
    if not await speaks(signed_in(request), organisation.id):
        raise NotAllowed
    return organisation


def _refused(bound: Bound[GroupForm], refusal: Refusal) -> Bound[GroupForm]:
    if isinstance(refusal, NotOneOfUs):
        return bound.refuse(refusal, at="coordinator")
    if isinstance(refusal, NameTaken):
        return bound.refuse(refusal, at="name")
    raise refusal


async def _screen(
    form: Bound[GroupForm], organisation: Organisation, group: HelperGroup | None = None
) -> dict[str, Any]:
    return {
        "form": form,
        "organisation": organisation,
        "group": group,
        "people": await people_to_coordinate(organisation.id),
        "path": f"{organisation.url}/benevoles/" + (f"{group.id}/modifier" if group else "nouveau"),
    }


async def _page_of(group: HelperGroup, organisation: Organisation, viewer: Viewer | None) -> dict[str, Any]:
    card = await card_of(group, organisation.slug, viewer)
    people = []
    if viewer is not None and (card.leads or card.mine in {"coordinator", "helper"}):
        people = list(await helpers_of(group, viewer, asking=card.leads))
    coordinator = await group.coordinator
    return {
        "organisation": organisation,
        "group": card,
        "helpers": [one for one in people if one.accepted],
        "asking": [one for one in people if not one.accepted],
        "coordinator": coordinator.name.split(" ")[0] if people or card.leads or card.mine else "",
        "knows": card.leads or card.mine in {"coordinator", "helper"},
        "refusal": "",
    }


routes = [
    page(GROUPS, list_groups, who=anyone),
    page(GROUPS + "/nouveau", new_group, who=member),
    page(GROUPS + "/nouveau", create_group, who=member, methods=("POST",), limit=JOINING),
    page(GROUP, show_group, who=anyone),
    page(GROUP + "/modifier", edit_group, who=member),
    page(GROUP + "/modifier", rewrite_group, who=member, methods=("POST",)),
    page(GROUP + "/demande", join_group, who=member, methods=("POST",), limit=JOINING),
    page(GROUP + "/depart", leave_group, who=member, methods=("POST",)),
    page(GROUP + "/fermeture", close_group, who=member, methods=("POST",)),
    page(GROUP + "/reouverture", reopen_group, who=member, methods=("POST",)),
]
