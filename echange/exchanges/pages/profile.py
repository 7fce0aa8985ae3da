"""What exchanges tell on a neighbour's page: thanks, skills practised, hours given and received."""

from echange.exchanges.queries import given_and_received, practised, thanks_of
from echange.exchanges.sides import SCOPE
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.members import Eyes, Profile, Told, field_name

SHOWN_AT_ONCE = 5
AT_MOST = 200


async def told_of(person: Profile, viewer: Viewer | None) -> Told:
    """The thanks for everybody, the hours for whom the person shows them to."""
    thanks = await thanks_of(person.id, viewer, AT_MOST)
    given, received = await given_and_received(person.id) if person.hours is not None else (0, 0)
    return Told(
        template="exchanges/_profile.html",
        values={
            "thanks": [(one, field_name(one.field) if one.field else _(one.skill)) for one in thanks],
            "at_once": SHOWN_AT_ONCE,
            "hours": (given, received) if person.hours is not None else None,
            "hours_private": person.hours is Eyes.NEAREST,
            "removable": viewer is not None and _acts_as(viewer) == person.id,
        },
        marks={skill: _practised(times) for skill, times in (await practised(person.id)).items()},
    )


def _acts_as(viewer: Viewer) -> int:
    if viewer.behalf is None:
        return viewer.id
    return viewer.behalf.id if SCOPE in viewer.behalf.scopes else 0


def _practised(times: int) -> str:
    return ngettext("pratiqué · {n} échange", "pratiqué · {n} échanges", times).format(n=times)
