"""What people write about organisations."""

import re
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line, PageQuery, Text, Way
from echange.i18n import mark
from echange.members.forms import Email
from echange.members.names import mixes_alphabets
from echange.members.organisations.numbers import is_rna, is_siret

_HOST: Final = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.I
)
_LINK: Final = re.compile(r"://|www\.", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def _name(value: str) -> str:
    if _LINK.search(value) or not any(char.isalpha() for char in value):
        raise PydanticCustomError("name", mark("Écrivez son nom, sans adresse de site."))
    if _INVISIBLE.search(value) or mixes_alphabets(value):
        raise PydanticCustomError("name", mark("Écrivez son nom avec les lettres d’un seul alphabet."))
    return value


def _rna(value: str) -> str:
    number = re.sub(r"[\s.-]", "", value).upper()
    if number and not is_rna(number):
        raise PydanticCustomError("rna", mark("Un numéro RNA : la lettre W, puis neuf chiffres."))
    return number


def _siret(value: str) -> str:
    number = re.sub(r"[\s.-]", "", value)
    if number and not is_siret(number):
        raise PydanticCustomError(
            "siret", mark("Ce numéro SIRET n’est pas juste : il a quatorze chiffres, vérifiez-les.")
        )
    return number


def _website(value: str) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value if "://" in value else f"https://{value}")
        is_plain = parts.username is None and parts.port is None
    except ValueError:
        is_plain = False
    if (
        not is_plain
        or parts.scheme != "https"
        or not _HOST.fullmatch(parts.hostname or "")
        or not value.isascii()
    ):
        raise PydanticCustomError(
            "website", mark("Recopiez l’adresse du site en entier, par exemple https://exemple.fr")
        )
    if re.search(r"[\s\"'<>\\`]", value):
        raise PydanticCustomError("website", mark("Cette adresse contient un signe de trop."))
    return parts.geturl()


Name = Annotated[Line, Field(min_length=2, max_length=120), AfterValidator(_name)]
Headline = Annotated[Line, Field(max_length=120)]
About = Annotated[Text, Field(max_length=4000)]
Website = Annotated[Line, Field(max_length=190), AfterValidator(_website)]
Rna = Annotated[Line, Field(max_length=20), AfterValidator(_rna)]
Siret = Annotated[Line, Field(max_length=24), AfterValidator(_siret)]
Slug = Annotated[Line, Field(max_length=60)]
Kind = Literal["association", "professional", "municipal"]
Role = Literal["owner", "manager", "member"]


class DescribeForm(Form):
    """What its page says; the numbers may wait, the desk's sign needs one."""

    name: Name
    headline: Headline = ""
    about: About = ""
    website: Website = ""
    quartier: Slug = ""
    rna: Rna = ""
    siret: Siret = ""


class FoundForm(DescribeForm):
    kind: Kind


class DescribePatch(Form):
    """Only what is given changes."""

    name: Name | None = None
    headline: Headline | None = None
    about: About | None = None
    website: Website | None = None
    quartier: Slug | None = None
    rna: Rna | None = None
    siret: Siret | None = None

    def given(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.model_dump(exclude_unset=True).items() if value is not None
        }


class InviteForm(Form):
    email: Email
    role: Role = "member"


class RoleForm(Form):
    role: Role


class ShownForm(Form):
    shown: bool


class VerifyForm(Form):
    """What the desk has read and checked, as it was shown."""

    name: Annotated[Line, Field(max_length=120)]
    rna: Rna = ""
    siret: Siret = ""


class ReasonForm(Form):
    reason: Annotated[Line, Field(min_length=3, max_length=300)]


class HatForm(Form):
    """Nothing: one acts in one's own name again."""

    organisation: Id | None = None
    suite: Way = ""


class ActingForm(Form):
    organisation: Id


class OrganisationsQuery(PageQuery):
    """`?q=&type=` of the organisations' page; `verifier`: those the desk has to check."""

    q: Annotated[Line, Field(max_length=100)] = ""
    type: Kind | Literal[""] = ""
    quartier: Slug = ""
    verifier: Literal["1", ""] = ""


class OrganisationsApiQuery(PageQuery):
    """`?q=&kind=&quartier=` of the API's list."""

    q: Annotated[Line, Field(max_length=100)] = ""
    kind: Kind | Literal[""] = ""
    quartier: Slug = ""
