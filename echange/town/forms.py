"""How a reader wants to see the pages, and what the town writes."""

from typing import Literal

from pydantic import Field

from echange.http import Form, Text, Way


class PreferencesForm(Form):
    """Only what is given changes; `next` is the page to go back to."""

    theme: Literal["auto", "light", "dark"] | None = None
    text_size: Literal["normal", "large"] | None = None
    locale: Literal["fr", "en"] | None = None
    next: Way = "/"


class TextForm(Form):
    """A text of the house in Markdown, to be looked at first or kept."""

    body: Text = Field(min_length=1, max_length=40_000)
    act: Literal["preview", "keep"] = "preview"
