"""What people write on the pages of exchanges."""

from typing import Annotated, Literal

from pydantic import Field

from echange.exchanges.forms import Place, Reason, Title, Words
from echange.exchanges.models.thanks import LONGEST as LONGEST_THANKS
from echange.exchanges.proposing import AT_MOST
from echange.http import Form, Id, Line, PageQuery, Text
from echange.http.durations import Minutes, between
from echange.http.moments import Day, Hour

Figure = Annotated[Minutes, between(0, AT_MOST)]
Way = Literal["give", "receive"]
Shelf = Literal["a-repondre", "en-cours", "a-noter", "comptes", "sans-suite"]


class ListQuery(PageQuery):
    """`?voir=` of the list; all shelves when nothing is said."""

    voir: Shelf | None = None


class StartQuery(Form):
    """What a proposal begins with: an annonce, a neighbour, a help, an exchange proposed before, a name."""

    annonce: Id | None = None
    membre: Id | None = None
    entraide: Id | None = None
    encore: Id | None = None
    savoir: Id | None = None
    nom: Line = Field(default="", max_length=60)


class ProposalForm(Form):
    """`way` is that of one's own time; `organisation` the one that the other person stands for."""

    way: Way
    title: Title
    minutes: Figure
    day: Day | None = None
    hour: Hour | None = None
    place: Place = ""
    skill: Id | None = None
    organisation: Id | None = None
    words: Words = ""


class NothingForm(Form):
    """A button says it all."""


class WordsForm(Form):
    words: Words = ""


class ReasonForm(Form):
    reason: Reason


class FigureForm(Form):
    minutes: Figure


class SeenForm(Form):
    """The figure that was read when the button was pressed."""

    seen: int = Field(ge=0, le=AT_MOST)


class DecisionForm(FigureForm, ReasonForm):
    """How many minutes move, and why."""


class ThanksForm(Form):
    words: Annotated[Text, Field(min_length=1, max_length=LONGEST_THANKS)]
