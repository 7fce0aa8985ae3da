"""What the desk writes down of people without an e-mail address."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Line
from echange.i18n import mark
from echange.members.forms import Month, PersonName
from echange.members.forms_profile import SkillName
from echange.members.models import Quartier
from echange.members.models.skill import SKILLS_AT_MOST

_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")


def _phone(value: str) -> str:
    digits = re.sub(r"[\s.()/-]", "", value)
    if not digits:
        return ""
    if not _PHONE.fullmatch(digits):
        raise PydanticCustomError(
            "phone", mark("Un numéro de téléphone : des chiffres, par exemple 06 12 34 56 78.")
        )
    return " ".join(re.findall("..", digits)) if re.fullmatch("0[0-9]{9}", digits) else digits


def _lines(value: object) -> object:
    """One skill a line."""
    parts = value if isinstance(value, list) else [value]
    found = [line.strip(" ,;•-") for part in parts for line in re.split(r"[\n,;]", str(part))]
    return list(dict.fromkeys(line for line in found if line))


Phone = Annotated[Line, Field(max_length=30), AfterValidator(_phone)]
Names = Annotated[list[SkillName], Field(max_length=SKILLS_AT_MOST), BeforeValidator(_lines)]


class CardForm(Form):
    """`offers`, `wants`: skills, one a line; `born`: the month, of those under age alone."""

    name: PersonName
    quartier: Annotated[Line, Field(max_length=60)] = ""
    phone: Phone = ""
    offers: Names = []
    wants: Names = []
    born: Month = ""

    async def home(self) -> Quartier | None:
        """The quartier it names, if there is one."""
        return await Quartier.get_or_none(slug=self.quartier) if self.quartier else None
