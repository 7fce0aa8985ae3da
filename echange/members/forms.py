"""What people write about themselves, and to get in."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from echange.http import Form, Line, PageQuery, Text, Way
from echange.i18n import mark
from echange.mail import is_address
from echange.members.names import mixes_alphabets, sounds_like_staff
from echange.members.passwords import LONGEST, SHORTEST

# Nothing that makes an address, a link or a sign of a name: it stands in mails and in lists.
_NAME: Final = re.compile(r"[\w’'.,&() -]+")
_LINK: Final = re.compile(r"\w\.\w\w|www\.|https?", re.IGNORECASE)


def _address(value: str) -> str:
    if not is_address(value) or "." not in value.rpartition("@")[2]:
        raise PydanticCustomError(
            "email", mark("Cette adresse e-mail n’est pas complète. Par exemple : nom@exemple.fr")
        )
    return value


def _name(value: str) -> str:
    if any(unicodedata.category(char) == "Cf" for char in value) or mixes_alphabets(value):
        raise PydanticCustomError("name", mark("Écrivez votre nom avec les lettres d’un seul alphabet."))
    if not _NAME.fullmatch(value) or _LINK.search(value) or not any(char.isalpha() for char in value):
        raise PydanticCustomError("name", mark("Un nom : des lettres, des espaces, des tirets."))
    if sounds_like_staff(value):
        raise PydanticCustomError("staff", mark("Ce nom est réservé à l’équipe. Prenez votre nom à vous."))
    return value


def _ticked(value: object) -> bool:
    if not value:
        raise PydanticCustomError(
            "age", mark("Il faut avoir 16 ans pour s’inscrire. Cochez si c’est le cas.")
        )
    return True


Email = Annotated[Line, Field(max_length=254), AfterValidator(_address)]
PersonName = Annotated[Line, Field(min_length=2, max_length=60), AfterValidator(_name)]
# Any character counts in a password, so nothing is cleaned here.
NewPassword = Annotated[str, StringConstraints(min_length=SHORTEST, max_length=LONGEST)]
SkillName = Annotated[Line, Field(min_length=2, max_length=60)]


class JoinForm(Form):
    name: PersonName
    email: Email
    password: NewPassword
    age: Annotated[bool, BeforeValidator(_ticked), Field(validate_default=True)] = False
    suite: Way = ""


class SignInForm(Form):
    email: Annotated[Line, Field(max_length=254)]
    password: Annotated[str, Field(max_length=LONGEST)]
    suite: Way = ""


class ForgottenForm(Form):
    email: Email


class PasswordForm(Form):
    password: NewPassword


class ChangePasswordForm(Form):
    current: Annotated[str, Field(max_length=LONGEST)]
    password: NewPassword


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


class SkillForm(Form):
    side: Annotated[str, Field(pattern="^(offer|want)$")] = "offer"
    name: SkillName
    note: Annotated[Line, Field(max_length=160)] = ""

    @property
    def wanted(self) -> bool:
        return self.side == "want"


class TokenForm(Form):
    label: Annotated[Line, Field(min_length=1, max_length=60)]


class DirectoryQuery(PageQuery):
    """`?q=&champ=&quartier=` of the experts' page."""

    q: Annotated[Line, Field(max_length=100)] = ""
    champ: Annotated[Line, Field(max_length=40)] = ""
    quartier: Annotated[Line, Field(max_length=60)] = ""


class MembersQuery(PageQuery):
    """`?q=&skill=&quartier=&kind=` of the API's list."""

    q: Annotated[Line, Field(max_length=100)] = ""
    skill: Annotated[Line, Field(max_length=80)] = ""
    quartier: Annotated[Line, Field(max_length=60)] = ""
    kind: Annotated[str, Field(pattern="^resident$")] = "resident"
