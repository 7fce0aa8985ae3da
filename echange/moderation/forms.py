"""What people report, and what moderators decide."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from echange import mail
from echange.http import Form, Id, Line, Text, Way
from echange.i18n import mark

Reason = Literal[
    "scam", "illegal", "hateful", "danger", "harassment", "private", "spam", "wrong_place", "other"
]
Act = Literal["hide", "warn", "dismiss", "restore", "confirm"]


def _is_address(value: str) -> str:
    if not mail.is_address(value):
        raise PydanticCustomError("email", mark("Cette adresse ne semble pas complète."))
    return value


class ThingQuery(Form):
    """What one is about to report: by kind and number, or by its pasted address."""

    kind: str = Field(default="", max_length=20)
    id: Id | None = None
    message: Id | None = None
    lien: Line = Field(default="", max_length=2000)


class Complaint(Form):
    """Why; in own words where no reason fits."""

    reason: Reason
    text: Text = Field(default="", max_length=2000)

    @model_validator(mode="after")
    def _other_is_said(self) -> "Complaint":
        if self.reason == "other" and not self.text:
            raise PydanticCustomError("other", mark("Dites en quelques mots ce qui ne va pas."))
        return self


class ReportForm(Complaint):
    """The page's form; the address, for who has no account, is where they hear of it.

    In a conversation it may be about one `message`; where parts were offered (`chosen`) these go with it.
    """

    kind: str = Field(max_length=20)
    id: Id
    message: Id | None = None
    chosen: bool = False
    parts: list[Id] = Field(default_factory=list, max_length=100)
    email: Annotated[Line, AfterValidator(_is_address)] | None = Field(default=None, max_length=254)


class About(Form):
    """A thing by its kind and number."""

    kind: str = Field(max_length=20)
    id: Id


class ReportBody(Complaint):
    """The API's body."""

    about: About


class ReasonedForm(Form):
    """Why: a ready sentence, own words, or both."""

    canned: Line = Field(default="", max_length=20)
    words: Text = Field(default="", max_length=2000)


class DecisionForm(ReasonedForm):
    """An act and its reason. `seen` is the last decision known."""

    act: Act
    concerns: Id | None = None
    seen: int = Field(default=0, ge=0, le=2_147_483_647)


class ReleaseForm(Form):
    """`suite` is the page to go back to."""

    suite: Way = ""


class ReplyForm(Form):
    """What whom it concerns has to say."""

    reply: Text = Field(min_length=1, max_length=3000)
