"""What other rooms tell on a neighbour's page; `app.py` lists who does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from echange.http import Viewer
from echange.members.models import Organisation
from echange.members.showing import Profile


@dataclass(frozen=True, slots=True)
class Told:
    """`template` is included with `values` as `part`; `marks` stand beside skills, by the skill's id."""

    template: str
    values: Mapping[str, Any]
    marks: Mapping[int, str] = field(default_factory=dict)


# For the viewer, who is nobody where somebody looks at their own page with others' eyes.
ProfilePart = Callable[[Profile, Viewer | None], Awaitable[Told]]


# The same on an organisation's page.
OrganisationPart = Callable[[Organisation, Viewer | None], Awaitable[Told]]


async def parts_of_organisation(
    request: Request, organisation: Organisation, viewer: Viewer | None
) -> list[Told]:
    """What every room tells of it, in the order of the list."""
    parts: tuple[OrganisationPart, ...] = request.app.state.organisation_parts
    return [await tell(organisation, viewer) for tell in parts]


async def parts_of(request: Request, seen: Profile, viewer: Viewer | None) -> list[Told]:
    """What every room tells of them, in the order of the list."""
    parts: tuple[ProfilePart, ...] = request.app.state.profile_parts
    return [await tell(seen, viewer) for tell in parts]
