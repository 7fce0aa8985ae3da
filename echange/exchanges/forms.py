"""What programs write about exchanges."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.exchanges.life import State
from echange.exchanges.models.thanks import LONGEST as LONGEST_THANKS
from echange.exchanges.proposing import AT_MOST
from echange.http import Form, Id, Line, PageQuery, Text
from echange.http.moments import Instant
from echange.i18n import mark

LONGEST_TITLE = 120
LONGEST_PLACE = 200
LONGEST_WORDS = 2000


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("minutes", mark("Écrivez un nombre."))
    return value


WholeMinutes = Annotated[int, BeforeValidator(_no_truth), Field(ge=0, le=AT_MOST)]
Title = Annotated[Line, Field(min_length=1, max_length=LONGEST_TITLE)]
Place = Annotated[Line, Field(max_length=LONGEST_PLACE)]
Words = Annotated[Text, Field(max_length=LONGEST_WORDS)]
Reason = Annotated[Text, Field(min_length=1, max_length=LONGEST_WORDS)]


class AboutForm(Form):
    """What it came from; a help has a call of its own."""

    kind: Literal["ad", "member"]
    id: Id


class ProposalForm(Form):
    """With whom, and whether one gives one's own time.

    `skill` by id or name; `organisation` when the other one stands for it.
    """

    other: Id = Field(alias="with")
    giving: bool
    minutes: WholeMinutes
    title: Title
    about: AboutForm | None = None
    starts_at: Instant | None = None
    place: Place = ""
    words: Words = ""
    skill: Id | Annotated[Line, Field(min_length=1, max_length=80)] | None = None
    organisation: Id | None = None


class FigureForm(Form):
    minutes: WholeMinutes


class ConfirmationForm(Form):
    """Without `minutes`: those of the other one."""

    minutes: WholeMinutes | None = None


class WordsForm(Form):
    """A word of explanation, if one likes."""

    reason: Words = ""


class ReasonForm(Form):
    reason: Reason


class ArbitrationForm(Form):
    minutes: WholeMinutes
    reason: Reason


class ThanksForm(Form):
    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_THANKS)]


class ExchangesQuery(PageQuery):
    state: State | None = None
