"""How a reader wants to see the pages, and what the town writes."""

from typing import Annotated, Literal

from pydantic import Field

from echange.http import Form, Text, Way

Version = Annotated[int, Field(ge=0, le=2_147_483_647)]


class PreferencesForm(Form):
    """Only what is given changes; `next` is the page to go back to."""

    theme: Literal["auto", "light", "dark"] | None = None
    text_size: Literal["normal", "large"] | None = None
    locale: Literal["fr", "en"] | None = None
    next: Way = "/"


class TextForm(Form):
    """A text of the house in Markdown, to be looked at first or kept; `seen` is the version it came from."""

    body: Text = Field(min_length=1, max_length=40_000)
    act: Literal["preview", "keep"] = "preview"
    seen: Version = 0


class RestoreForm(Form):
    """An older version is to count again instead of `seen`."""

    seen: Version = 0
