"""What people write about a place."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line, PageQuery, Text
from echange.i18n import mark
from echange.members import Email, OrganisationName, Phone
from echange.places.access import FACTS, Fact

LONGEST_LINE: Final = 300


def _somewhere(value: str) -> str:
    if not any(char.isalpha() for char in value):
        raise PydanticCustomError("address", mark("Écrivez une adresse, par exemple 12 rue de la Réunion."))
    return value


Address = Annotated[Line, Field(min_length=3, max_length=200), AfterValidator(_somewhere)]
About = Annotated[Text, Field(max_length=4000)]
Words = Annotated[Line, Field(max_length=LONGEST_LINE)]
Facts = Annotated[list[Fact], Field(max_length=len(FACTS))]
Mail = Annotated[Email, Field(max_length=200)]
Slug = Annotated[Line, Field(max_length=60)]


class PlaceForm(Form):
    """A place as its page tells it. `organisation` is who looks after it; nobody: the town's desk."""

    name: OrganisationName
    address: Address
    quartier: Slug = ""
    about: About = ""
    way: Words = ""
    access: Facts = []
    access_note: Words = ""
    phone: Phone = ""
    mail: Mail | None = None
    organisation: Id | None = None


class PlacePatch(Form):
    """Only what is given changes; null or an empty text empties what may be empty."""

    name: OrganisationName | None = None
    address: Address | None = None
    quartier: Slug | None = None
    about: About | None = None
    way: Words | None = None
    access: Facts | None = None
    access_note: Words | None = None
    phone: Phone | None = None
    mail: Mail | None = None
    organisation: Id | None = None

    def given(self) -> dict[str, Any]:
        """What is said, null where something is to be emptied."""
        said = self.model_dump(exclude_unset=True)
        must_be = {"name", "address"}
        return {name: value for name, value in said.items() if value is not None or name not in must_be}


class PlacesQuery(PageQuery):
    """`?q=&quartier=&acces=` of the page of places; facets may be several."""

    q: Annotated[Line, Field(max_length=100)] = ""
    quartier: list[Slug] = Field(default=[], max_length=50)
    acces: list[Line] = Field(default=[], max_length=20)


class PlacesApiQuery(PageQuery):
    """`?q=&quartier=&access=` of the API's list."""

    q: Annotated[Line, Field(max_length=100)] = ""
    quartier: list[Slug] = Field(default=[], max_length=50)
    access: list[Fact] = Field(default=[], max_length=20)
