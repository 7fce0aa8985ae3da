"""What people write about helps, from the screens and from the API."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line, PageQuery, Text
from echange.http.dates import now
from echange.http.durations import Minutes, between
from echange.http.forms import visible
from echange.http.moments import Instant
from echange.i18n import mark
from echange.mutual_aid.details import Details
from echange.mutual_aid.kinds import Kind, Outcome, Urgency

SHORTEST: Final = 5
LONGEST: Final = 1440
MOST_SLOTS: Final = 3
MOST_ROLES: Final = 6
MOST_SKILLS: Final = 5
FURTHEST: Final = timedelta(days=366)


Title = Annotated[Line, Field(min_length=1, max_length=120), AfterValidator(visible)]
Body = Annotated[Text, Field(max_length=2000)]
Lasting = Annotated[Minutes, between(SHORTEST, LONGEST)]
People = Annotated[int, Field(ge=1, le=50)]
Effort = Annotated[int, Field(ge=1, le=3)]
Access = Annotated[Line, Field(max_length=300)]
When = Annotated[Line, Field(max_length=120)]
RoleName = Annotated[Line, Field(min_length=1, max_length=60), AfterValidator(visible)]
SkillName = Annotated[Line, Field(min_length=2, max_length=60), AfterValidator(visible)]
QuartierSlug = Annotated[Line, Field(max_length=60)]
Words = Annotated[Text, Field(max_length=2000)]


class RoleIn(Form):
    """So many of the helpers do this."""

    name: RoleName
    people: People = 1


class SlotIn(Form):
    """A moment that suits."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_slot(self.start, self.end)
        return self


def check_slot(start: datetime, end: datetime) -> None:
    """Raises PydanticCustomError for one that is over, too far, or lasts more than a day."""
    if end <= start or end - start > timedelta(days=1):
        raise PydanticCustomError("slot", mark("La fin vient après le début, le même jour."))
    if end <= now() or start > now() + FURTHEST:
        raise PydanticCustomError("slot", mark("Choisissez un moment à venir, dans l’année."))


def check_roles(names: list[str]) -> None:
    """Raises PydanticCustomError for the same role twice."""
    if len({name.casefold() for name in names}) < len(names):
        raise PydanticCustomError("roles", mark("Chaque rôle une seule fois."))


def _roles(roles: list[RoleIn]) -> list[RoleIn]:
    check_roles([role.name for role in roles])
    return roles


def _slots(slots: list[SlotIn]) -> list[SlotIn]:
    if len({slot.start for slot in slots}) < len(slots):
        raise PydanticCustomError("slots", mark("Chaque moment une seule fois."))
    return slots


Roles = Annotated[list[RoleIn], Field(max_length=MOST_ROLES), AfterValidator(_roles)]
Slots = Annotated[list[SlotIn], Field(max_length=MOST_SLOTS), AfterValidator(_slots)]
Skills = Annotated[list[SkillName], Field(max_length=MOST_SKILLS)]


class HelpIn(Form):
    """A help, from a program. `minutes` are each helper's; no slots: flexible; `quartier` by slug or id."""

    kind: Kind
    title: Title
    body: Body = ""
    minutes: Lasting
    people: People = 1
    roles: Roles = []
    skills: Skills = []
    slots: Slots = []
    when_text: When = ""
    quartier: Id | QuartierSlug | None = None
    effort: Effort = 1
    access: Access = ""
    urgency: Urgency = "calm"
    standing: bool = False
    counted: bool = True

    def details(self) -> Details:
        return details_of(self.model_dump(exclude={"kind"}))


class HelpPatch(Form):
    """What is not given stays."""

    title: Title | None = None
    body: Body | None = None
    minutes: Lasting | None = None
    people: People | None = None
    roles: Roles | None = None
    skills: Skills | None = None
    slots: Slots | None = None
    when_text: When | None = None
    quartier: Id | QuartierSlug | None = None
    effort: Effort | None = None
    access: Access | None = None
    urgency: Urgency | None = None
    standing: bool | None = None
    counted: bool | None = None

    def changes(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True)
        return told_as_details({name: value for name, value in given.items() if value is not None})


def details_of(values: dict[str, Any]) -> Details:
    return Details(**told_as_details(values))


def told_as_details(values: dict[str, Any]) -> dict[str, Any]:
    """Roles, slots and skills as `Details` takes them."""
    told = dict(values)
    if "roles" in told:
        told["roles"] = tuple((role["name"], role["people"]) for role in told["roles"])
    if "slots" in told:
        told["slots"] = tuple((slot["start"], slot["end"]) for slot in told["slots"])
    if "skills" in told:
        told["skills"] = tuple(told["skills"])
    return told


class ProposalForm(Form):
    """Turning to somebody about their help. `slot` by its number on the page, `starts_at` from programs."""

    words: Annotated[Words, Field(min_length=1)]
    role: Annotated[Line, Field(max_length=60)] = ""
    slot: Annotated[int, Field(ge=1, le=MOST_SLOTS)] | None = None
    starts_at: Instant | None = None
    minutes: Lasting | None = None


class ClosureForm(Form):
    outcome: Outcome


class HelpsQuery(PageQuery):
    """`?kind=&quartier=&skill=&urgency=` of the API's list; quartier by slug, skill by name."""

    kind: Kind | None = None
    quartier: QuartierSlug = ""
    skill: Annotated[Line, Field(max_length=80)] = ""
    urgency: Urgency | None = None


class ListQuery(Form):
    """What the list's address says; `suite` goes on after a cursor."""

    genre: str = Field(default="", max_length=10)
    quartier: list[str] = []
    savoir: Line = Field(default="", max_length=80)
    urgence: list[str] = []
    suite: str = Field(default="", max_length=100)
