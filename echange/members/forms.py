"""What people write about themselves, and to get in."""

import re
import unicodedata
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from echange.http import Form, Line, Text, Way
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
            "age", mark("Il faut avoir l’âge demandé pour s’inscrire. Cochez si c’est le cas.")
        )
    return True


Email = Annotated[Line, Field(max_length=254), AfterValidator(_address)]
PersonName = Annotated[Line, Field(min_length=2, max_length=60), AfterValidator(_name)]
Month = Annotated[str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")]
# Any character counts in a password, so nothing is cleaned here.
NewPassword = Annotated[str, StringConstraints(min_length=SHORTEST, max_length=LONGEST)]


class JoinForm(Form):
    """`way`: by a password, or by a link mailed each time. `born`: the month, of those under age alone."""

    name: PersonName
    email: Email
    way: Literal["password", "link"] = "password"
    password: Annotated[NewPassword | None, Field(validate_default=True)] = None
    age: Annotated[bool, BeforeValidator(_ticked), Field(validate_default=True)] = False
    born: Month = ""
    suite: Way = ""

    @field_validator("password", mode="before")
    @classmethod
    def _needed_one_way_only(cls, value: object, info: ValidationInfo) -> object:
        if info.data.get("way") == "link":
            return None
        if not value:
            raise PydanticCustomError("password", mark("Choisissez un mot de passe, ou le lien par mail."))
        return value


class SignInForm(Form):
    email: Annotated[Line, Field(max_length=254)]
    password: Annotated[str, Field(max_length=LONGEST)]
    suite: Way = ""


class ForgottenForm(Form):
    email: Email


class LinkForm(Form):
    email: Email
    suite: Way = ""


class PasswordForm(Form):
    password: NewPassword


class RecoverForm(Form):
    password: NewPassword | None = None


class ChangePasswordForm(Form):
    """Without a password yet, `current` stays empty."""

    current: Annotated[str, Field(max_length=LONGEST)] = ""
    password: NewPassword
    tokens: bool = False


class AddressForm(Form):
    email: Email
    current: Annotated[str, Field(max_length=LONGEST)] = ""


class ResumeForm(Form):
    suite: Way = ""


class LeaveForm(Form):
    current: Annotated[str, Field(max_length=LONGEST)] = ""


class AccountsQuery(Form):
    """`?q=` of the desk's search: a name, or a whole address."""

    q: Annotated[Line, Field(max_length=254)] = ""


class AccessForm(Form):
    email: Email
    how: Annotated[Text, Field(min_length=10, max_length=500)]


class TokenForm(Form):
    label: Annotated[Line, Field(min_length=1, max_length=60)]


class QuartierForm(Form):
    """The name of a part of town."""

    name: Annotated[Line, Field(min_length=2, max_length=80)]


class SeenForm(Form):
    """The name that was read before deciding about it."""

    seen: Annotated[Line, Field(max_length=80)]


class RenameForm(QuartierForm, SeenForm):
    """Another name in place of the one that was read."""
