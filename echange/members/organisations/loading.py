"""Organisations reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request
from tortoise.expressions import Q

from echange.http import NotAllowed, NotFound, Viewer, signed_in, viewer_of
from echange.members.models import Membership, Organisation
from echange.members.models.membership import OWNER, SPEAKERS


async def visible_organisation(request: Request) -> Organisation:
    """The organisation of the address, by its slug or its id. Raises NotFound."""
    named = request.path_params
    wanted = Q(slug=named["slug"]) if "slug" in named else Q(id=named["id"])
    found = (
        await Organisation.visible_to(viewer_of(request))
        .filter(wanted)
        .select_related("quartier", "verified_by")
        .first()
    )
    if found is None:
        raise NotFound
    return found


async def role_in(organisation: Organisation, viewer: Viewer | None) -> str | None:
    """What this viewer is in it."""
    part = viewer and await Membership.get_or_none(organisation_id=organisation.id, member_id=viewer.id)
    return part.role if part else None


async def spoken_for(request: Request) -> Organisation:
    """The organisation of the address, for who may say what its page says. Raises NotFound, NotAllowed."""
    return await _for(request, SPEAKERS)


async def owned(request: Request) -> Organisation:
    """The organisation of the address, for its owners and for admins. Raises NotFound, NotAllowed."""
    return await _for(request, (OWNER,))


async def _for(request: Request, roles: tuple[str, ...]) -> Organisation:
    viewer = signed_in(request)
    organisation = await visible_organisation(request)
    if await role_in(organisation, viewer) not in roles and "admin" not in viewer.roles:
        raise NotAllowed
    return organisation
