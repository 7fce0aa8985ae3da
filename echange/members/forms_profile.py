"""What people write about themselves, and how they look for each other."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Line, PageQuery, Text, Way
from echange.i18n import mark
from echange.members.forms import PersonName
from echange.members.showing import FIELD_KEYS
from echange.members.week import DAYS, MOMENTS, SLOTS, mask, week_of

SkillName = Annotated[Line, Field(min_length=2, max_length=60)]
Note = Annotated[Line, Field(max_length=160)]
Slot = Annotated[int, Field(ge=0, lt=SLOTS)]
Term = Literal["free", "hours", "quote"]
Terms = Annotated[list[Term], Field(max_length=3)]


class WelcomeForm(Form):
    quartier: Annotated[Line, Field(max_length=60)] = ""
    offers: Annotated[list[SkillName], Field(max_length=3)] = []
    wants: Annotated[list[SkillName], Field(max_length=3)] = []
    suite: Way = ""


class ProfileForm(Form):
    name: PersonName
    headline: Annotated[Line, Field(max_length=120)] = ""
    about: Annotated[Text, Field(max_length=2000)] = ""
    languages: Annotated[Line, Field(max_length=120)] = ""
    quartier: Annotated[Line, Field(max_length=60)] = ""
    availability: Annotated[list[Slot], Field(max_length=SLOTS)] = []
    accessibility: Annotated[Line, Field(max_length=300)] = ""

    @property
    def week(self) -> int:
        return week_of(self.availability)


Audience = Literal["everyone", "members", "nobody"]


class AudiencesForm(Form):
    """For each field of the profile, who sees it."""

    photo: Audience
    headline: Audience
    about: Audience
    offers: Audience
    wants: Audience
    quartier: Audience
    availability: Audience
    languages: Audience
    accessibility: Audience
    hours: Audience

    def chosen(self, audience: Audience) -> list[str]:
        """The fields for this audience."""
        return [key for key in FIELD_KEYS if getattr(self, key) == audience]


class SkillDetailsForm(Form):
    """What is told of a skill; level and terms count only for what is offered."""

    note: Note = ""
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    terms: Terms = []


class SkillForm(SkillDetailsForm):
    side: Annotated[str, Field(pattern="^(offer|want)$")] = "offer"
    name: SkillName

    @property
    def wanted(self) -> bool:
        return self.side == "want"


class DirectoryQuery(PageQuery):
    """What narrows the experts' page: `?q=&champ=&quartier=&jour=&moment=&conditions=&verifie=&qui=`."""

    q: Annotated[Line, Field(max_length=100)] = ""
    qui: Literal["", "association", "professional", "municipal"] = ""
    champ: Annotated[Line, Field(max_length=40)] = ""
    quartier: Annotated[Line, Field(max_length=60)] = ""
    jour: Literal["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = ""
    moment: Literal["", "morning", "noon", "evening"] = ""
    conditions: Literal["", "free", "hours", "quote"] = ""
    verifie: Literal["", "1"] = ""

    @property
    def week(self) -> int:
        return mask(self.jour, self.moment)


def _slots(value: str) -> str:
    day, _, moment = value.partition("-")
    known = value in (*DAYS, *MOMENTS) or (day in DAYS and moment in MOMENTS)
    if value and not known:
        raise PydanticCustomError("slot", mark("Écrivez un jour et un moment : saturday-morning."))
    return value


class MembersQuery(PageQuery):
    """`?q=&skill=&quartier=&kind=&availability=` of the API's list.

    `availability` is a day, a moment (morning, noon, evening) or both: `saturday-morning`.
    """

    q: Annotated[Line, Field(max_length=100)] = ""
    skill: Annotated[Line, Field(max_length=80)] = ""
    quartier: Annotated[Line, Field(max_length=60)] = ""
    kind: Literal["resident", "association", "professional", "municipal"] = "resident"
    availability: Annotated[Line, Field(max_length=20), AfterValidator(_slots)] = ""

    @property
    def week(self) -> int:
        first, _, second = self.availability.partition("-")
        return mask(moment=first) if first in MOMENTS else mask(first, second)
