"""The screen on which a help is told: up to three moments and six roles, each in fields of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Invalid, Refusal, Text
from echange.http.dates import local
from echange.http.durations import said
from echange.http.moments import Day, Hour, instant_of
from echange.i18n import gettext as _
from echange.mutual_aid.details import Details, Role, Slot
from echange.mutual_aid.forms import (
    MOST_ROLES,
    MOST_SKILLS,
    MOST_SLOTS,
    Access,
    Body,
    Effort,
    Lasting,
    People,
    QuartierSlug,
    RoleName,
    SkillName,
    Title,
    When,
    check_roles,
    check_slot,
)
from echange.mutual_aid.kinds import Urgency

# Fields shown; more that a program told are shown too.
SKILLS: Final = 3


class ScreenForm(Form):
    """`day_1`, `from_1`, `to_1`: a moment, whose end may be left out; `role_1`, `role_1_people`: a role.

    Without a moment it is flexible.
    """

    title: Title
    body: Body = ""
    minutes: Lasting
    people: People = 1
    skills: Annotated[list[SkillName], Field(max_length=MOST_SKILLS)] = []
    when_text: When = ""
    day_1: Day | None = None
    from_1: Hour | None = None
    to_1: Hour | None = None
    day_2: Day | None = None
    from_2: Hour | None = None
    to_2: Hour | None = None
    day_3: Day | None = None
    from_3: Hour | None = None
    to_3: Hour | None = None
    role_1: RoleName | None = None
    role_1_people: People = 1
    role_2: RoleName | None = None
    role_2_people: People = 1
    role_3: RoleName | None = None
    role_3_people: People = 1
    role_4: RoleName | None = None
    role_4_people: People = 1
    role_5: RoleName | None = None
    role_5_people: People = 1
    role_6: RoleName | None = None
    role_6_people: People = 1
    group: Id | None = None
    quartier: QuartierSlug = ""
    effort: Effort = 1
    access: Access = ""
    urgency: Urgency = "calm"
    standing: bool = False
    given: bool = False
    once: Annotated[Text, Field(max_length=64)] = ""

    def details(self) -> Details:
        """Raises Invalid with what is wrong by field."""
        return Details(
            title=self.title,
            body=self.body,
            minutes=self.minutes,
            people=self.people,
            effort=self.effort,
            access=self.access,
            urgency=self.urgency,
            when_text=self.when_text,
            standing=self.standing,
            counted=not self.given,
            quartier=self.quartier,
            skills=tuple(self.skills),
            roles=tuple(self._roles()),
            slots=tuple(self._slots()),
        )

    def _roles(self) -> Iterator[Role]:
        told = [
            (getattr(self, f"role_{n}"), getattr(self, f"role_{n}_people")) for n in range(1, MOST_ROLES + 1)
        ]
        roles = [(name, people) for name, people in told if name]
        with _beside("role_1"):
            check_roles([name for name, _people in roles])
        yield from roles

    def _slots(self) -> Iterator[Slot]:
        known = set[datetime]()
        for n in range(1, MOST_SLOTS + 1):
            slot = self._slot(n)
            if slot and slot[0] not in known:
                known.add(slot[0])
                yield slot

    def _slot(self, n: int) -> Slot | None:
        day, start, end = (getattr(self, f"{name}_{n}") for name in ("day", "from", "to"))
        if day is None and start is None:
            return None
        if day is None:
            raise Invalid({f"day_{n}": [_("Choisissez un jour.")]})
        if start is None:
            raise Invalid({f"from_{n}": [_("Choisissez une heure.")]})
        with _beside(f"from_{n}"):
            begins = instant_of(day, start)
            ends = instant_of(day, end) if end else begins + timedelta(minutes=self.minutes)
        with _beside(f"day_{n}"):
            check_slot(begins, ends)
        return begins, ends


@contextmanager
def _beside(field: str) -> Iterator[None]:
    """What is wrong inside is told beside this field."""
    try:
        yield
    except PydanticCustomError as error:
        raise Invalid({field: [_(error.message_template)]}) from error
    except Refusal as refusal:
        raise Invalid({field: [refusal.title]}) from refusal


def values_of(details: Details) -> dict[str, Any]:
    """What the fields say of a help told before."""
    values: dict[str, Any] = {
        "title": details.title,
        "body": details.body,
        "minutes": said(details.minutes),
        "people": details.people,
        "skills": list(details.skills),
        "when_text": details.when_text,
        "quartier": details.quartier or "",
        "effort": details.effort,
        "access": details.access,
        "urgency": details.urgency,
        "standing": details.standing,
        "given": not details.counted,
    }
    for n, (starts, ends) in enumerate(details.slots, 1):
        begin, end = local(starts), local(ends)
        values |= {
            f"day_{n}": begin.date().isoformat(),
            f"from_{n}": f"{begin:%H:%M}",
            f"to_{n}": f"{end:%H:%M}",
        }
    for n, (name, people) in enumerate(details.roles, 1):
        values |= {f"role_{n}": name, f"role_{n}_people": people}
    return values
