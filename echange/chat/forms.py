"""What people and programs write to us. One class serves the form, the JSON body and the socket's frame."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from echange.chat.identifiers import client_id
from echange.chat.inbox import Shelf
from echange.http import Form, Id, Line, PageQuery, Text

Seq = Annotated[StrictInt, Field(ge=0, le=2_147_483_647)]
ClientId = Annotated[Text, Field(min_length=8, max_length=64)]
Body = Annotated[Text, Field(min_length=1, max_length=4000)]


GroupTitle = Annotated[Line, Field(max_length=80)]
Hat = Annotated[StrictInt | None, Field(ge=0, le=2_147_483_647)]


class MessageForm(Form):
    """A message under the client's own name for it, so that sending it twice stores it once.

    `for` tells the organisation under whose name the writer believes to speak, 0 for none: if it is
    another one by now, nothing is sent. Left out, it is not looked at.
    """

    client_id: ClientId
    attachments: list[Id] = Field(default_factory=list, max_length=6)
    body: Text = Field(default="", max_length=4000, validate_default=True)
    hat: Hat = Field(default=None, alias="for")
    reply_to: Seq | None = None

    @field_validator("body")
    @classmethod
    def _says_something(cls, body: str, others: ValidationInfo) -> str:
        if not body and not others.data.get("attachments"):
            raise PydanticCustomError("missing", "Field required")
        return body


class ComposerForm(Form):
    """The same from the page: words of one's own, a ready answer, or both; how far one had read,
    under which hat (`pour`), and which message is answered (`reponse`, 0 for none)."""

    client_id: ClientId
    body: Text = Field(default="", max_length=4000)
    rapide: Text = Field(default="", max_length=200)
    vu: int = Field(default=0, ge=0, le=2_147_483_647)
    pour: int | None = Field(default=None, ge=0, le=2_147_483_647)
    reponse: int = Field(default=0, ge=0, le=2_147_483_647)

    @property
    def words(self) -> str:
        return f"{self.body} {self.rapide}".strip()


class NamedForm(Form):
    """What is done to a message, under the client's own name for it: a page without a script needs none."""

    client_id: ClientId = Field(default_factory=client_id)


class RewordingForm(NamedForm):
    """Other words for a message, from the page."""

    body: Body


class SignForm(NamedForm):
    """A sign put under a message (`emoji`), or taken away (`retrait`)."""

    emoji: str = Field(default="", max_length=16)
    retrait: str = Field(default="", max_length=16)


class SeenForm(Form):
    """Read up to here, from the page."""

    seq: int = Field(ge=0, le=2_147_483_647)


class MarkForm(Form):
    """Read up to here."""

    seq: Seq


class NeighbourForm(Form):
    membre: Id


class FirstWordsForm(Form):
    """What one says at once when writing from somebody's page; nothing only opens the conversation."""

    body: Text = Field(default="", max_length=4000)
    client_id: ClientId = Field(default_factory=client_id)


class About(Form):
    kind: str = Field(min_length=1, max_length=20)
    id: Id


class OpeningForm(Form):
    """A conversation about a thing, or with members: a title, or more than one of them, makes a group."""

    about: About | None = None
    members: list[Id] = Field(default_factory=list, max_length=200)
    title: GroupTitle = ""


class InboxQuery(PageQuery):
    filtre: Shelf = ""
    limit: int = Field(default=30, ge=1, le=100)


class SearchQuery(PageQuery):
    """Words to find in one's messages."""

    q: Line = Field(default="", max_length=100)


class ThreadQuery(Form):
    """`avant`: messages before this number, `autour`: around it, else the end. `reponse`: the one to be
    answered. `ici`: the conversation open beside the list."""

    avant: int = Field(default=0, ge=0, le=2_147_483_647)
    autour: int = Field(default=0, ge=0, le=2_147_483_647)
    reponse: int = Field(default=0, ge=0, le=2_147_483_647)
    ici: int = Field(default=0, ge=0, le=2_147_483_647)


class EventsQuery(Form):
    after: int = Field(default=0, ge=0, le=2_147_483_647)
    limit: int = Field(default=100, ge=1, le=100)


class Hello(Form):
    """The numbers a socket's client has reached, by conversation."""

    cursors: dict[Id, Seq] = Field(default_factory=dict, max_length=200)


class SendFrame(MessageForm):
    conversation: Id


class EditBody(Form):
    """Other words for a message of one's own."""

    client_id: ClientId
    body: Body


class AmendFrame(Form):
    """Something done to message number `target`."""

    conversation: Id
    client_id: ClientId
    target: Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]


class EditFrame(AmendFrame):
    body: Body


class DeleteFrame(AmendFrame):
    pass


class ReactFrame(AmendFrame):
    emoji: str = Field(min_length=1, max_length=16)
    on: StrictBool


class TypingFrame(Form):
    conversation: Id


class ReadFrame(MarkForm):
    conversation: Id
