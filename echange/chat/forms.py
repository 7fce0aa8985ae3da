"""What people and programs write to us. One class serves the form, the JSON body and the socket's frame."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from echange.chat.identifiers import client_id
from echange.http import Form, Id, PageQuery, Text

Seq = Annotated[StrictInt, Field(ge=0, le=2_147_483_647)]
ClientId = Annotated[Text, Field(min_length=8, max_length=64)]
Body = Annotated[Text, Field(min_length=1, max_length=4000)]


Hat = Annotated[StrictInt | None, Field(ge=0, le=2_147_483_647)]


class MessageForm(Form):
    """A message under the client's own name for it, so that sending it twice stores it once.

    `for` tells the organisation under whose name the writer believes to speak, 0 for none: if it is
    another one by now, nothing is sent. Left out, it is not looked at.
    """

    client_id: ClientId
    body: Body
    hat: Hat = Field(default=None, alias="for")


class ComposerForm(Form):
    """The same from the page: words of one's own, a ready answer, or both; how far one had read,
    and under which hat (`pour`)."""

    client_id: ClientId
    body: Text = Field(default="", max_length=4000)
    rapide: Text = Field(default="", max_length=200)
    vu: int = Field(default=0, ge=0, le=2_147_483_647)
    pour: int | None = Field(default=None, ge=0, le=2_147_483_647)

    @property
    def words(self) -> str:
        return f"{self.body} {self.rapide}".strip()


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
    """A conversation about a thing, or with members."""

    about: About | None = None
    members: list[Id] = Field(default_factory=list, max_length=200)


class InboxQuery(PageQuery):
    filtre: Literal["", "non-lus"] = ""
    limit: int = Field(default=30, ge=1, le=100)


class ThreadQuery(Form):
    """`avant`: messages before this number, else the end. `ici`: the conversation open beside the list."""

    avant: int = Field(default=0, ge=0, le=2_147_483_647)
    ici: int = Field(default=0, ge=0, le=2_147_483_647)


class EventsQuery(Form):
    after: int = Field(default=0, ge=0, le=2_147_483_647)
    limit: int = Field(default=100, ge=1, le=100)


class Hello(Form):
    """The numbers a socket's client has reached, by conversation."""

    cursors: dict[Id, Seq] = Field(default_factory=dict, max_length=200)


class SendFrame(MessageForm):
    conversation: Id


class ReadFrame(MarkForm):
    conversation: Id
