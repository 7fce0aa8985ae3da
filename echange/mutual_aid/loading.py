"""Helps reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request
from tortoise.queryset import QuerySet

from echange.http import NotAllowed, NotFound, viewer_of
from echange.mutual_aid.details import Details
from echange.mutual_aid.models import Help
from echange.mutual_aid.rota_seeing import coordinates


def whole(helps: QuerySet[Help]) -> QuerySet[Help]:
    """With all that a page or the API shows of them."""
    related = helps.select_related("quartier", "person", "person__quartier", "organisation")
    return related.prefetch_related("slots", "roles", "skills__skill")


async def visible_help(request: Request) -> Help:
    """The help of the address, with all that its page shows. Raises NotFound."""
    seen = Help.visible_to(viewer_of(request)).filter(id=request.path_params["id"])
    aid = await whole(seen).first()
    if aid is None:
        raise NotFound
    aid.tended = await coordinates(viewer_of(request), aid.group_id)
    return aid


async def own_help(request: Request) -> Help:
    """The help of the address, for who may change it. Raises NotFound, NotAllowed."""
    aid = await visible_help(request)
    if not aid.can_be_edited_by(viewer_of(request)):
        raise NotAllowed
    return aid


def told_of(aid: Help) -> Details:
    """What is told of a help that was loaded whole."""
    return Details(
        title=aid.title,
        minutes=aid.minutes,
        body=aid.body,
        people=aid.people,
        effort=aid.effort,
        access=aid.access,
        urgency=aid.urgency,
        when_text=aid.when_text,
        standing=aid.standing,
        counted=aid.counted,
        quartier=aid.quartier.slug if aid.quartier else None,
        skills=tuple(line.skill.name for line in sorted(aid.skills, key=lambda line: line.id)),
        roles=tuple(
            (role.name, role.people) for role in sorted(aid.roles, key=lambda one: (one.position, one.id))
        ),
        slots=tuple(sorted((slot.starts_at, slot.ends_at) for slot in aid.slots)),
    )
