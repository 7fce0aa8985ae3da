"""What is written to make a mandate, and to act under it."""

import re
from datetime import date
from typing import Annotated, Final, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line, Text, Way
from echange.i18n import mark
from echange.members.models.mandate import DAYS, Scope, Terms

_HANDLE: Final = re.compile(r"[A-Za-z0-9_.~-]{1,40}")


def _handle(value: str) -> str:
    """A handle out of what people copy: « alice », « @alice », the address of a profile."""
    path = urlsplit(value).path if "/" in value else value
    handle = unquote(path).strip("/@ ").rpartition("/")[2].lstrip("@")
    if not _HANDLE.fullmatch(handle):
        raise PydanticCustomError(
            "handle", mark("Écrivez le pseudo de la personne, ou copiez l’adresse de son profil.")
        )
    return handle


def _known_days(value: object) -> object:
    if isinstance(value, bool) or not str(value).isdecimal() or int(str(value)) not in DAYS:
        raise PydanticCustomError("days", mark("Choisissez une des réponses proposées."))
    return int(str(value))


Handle = Annotated[Line, Field(max_length=200), AfterValidator(_handle)]


class TermsForm(Form):
    """`days`: 1, 31, 182 or 365."""

    days: Annotated[int, BeforeValidator(_known_days)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    words: Annotated[Text, Field(max_length=300)] = ""

    @property
    def terms(self) -> Terms:
        return Terms(self.days, tuple(sorted(set(self.scopes))), self.words)


class AskForm(TermsForm):
    """`part`: what the other one would be for me, my helper or the person I help."""

    who: Handle
    part: Literal["helper", "person"]


class DeskMandateForm(TermsForm):
    """Made at the desk; without `helper` its staff acts."""

    helper: Handle | None = None
    consent: Literal["signed", "spoken"]


class ActForForm(Form):
    """Nothing: one acts in one's own name again."""

    mandate: Id | None = None
    suite: Way = ""


class WornBody(Form):
    """`mandate`: null to act in one's own name again."""

    mandate: Id | None


class AskBody(TermsForm):
    """`member`: the other one; `part`: what they would be for me, my helper or the person I help."""

    member: Id
    part: Literal["helper", "person"]


class DeskMandateBody(TermsForm):
    """Without `helper` the desk's staff acts."""

    helper: Id | None = None
    consent: Literal["signed", "spoken"]


class DayQuery(Form):
    """`?jour=2026-11-24`: what was done that day alone."""

    jour: date | None = None


class SpanQuery(Form):
    """`?jours=31`: how far back a summary goes."""

    jours: Annotated[int, Field(ge=1, le=3650)] = 31
