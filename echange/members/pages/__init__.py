"""The pages of this room."""

from typing import Final

from echange.http import GuardedRoute
from echange.members.pages import (
    access,
    address,
    blocks,
    desk,
    desk_people,
    directory,
    hats,
    joining,
    leaving,
    links,
    mandate_prints,
    mandates,
    mine,
    organisation_people,
    organisations,
    privacy,
    profile,
    quartiers,
    signing_in,
    skills,
    trust,
)

routes: Final[list[GuardedRoute]] = [
    *joining.routes,
    *signing_in.routes,
    *mine.routes,
    *skills.routes,
    *access.routes,
    *links.routes,
    *address.routes,
    *leaving.routes,
    *desk_people.routes,
    *desk.routes,
    *quartiers.routes,
    *directory.routes,
    *profile.routes,
    *trust.routes,
    *blocks.routes,
    *organisations.routes,
    *organisation_people.routes,
    *hats.routes,
    *mandates.routes,
    *mandate_prints.routes,
    *privacy.routes,
]
