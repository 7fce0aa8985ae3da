"""How a reader wants to see the pages."""

from typing import Literal

from echange.http import Form, Way


class PreferencesForm(Form):
    """Only what is given changes; `next` is the page to go back to."""

    theme: Literal["auto", "light", "dark"] | None = None
    text_size: Literal["normal", "large"] | None = None
    locale: Literal["fr", "en"] | None = None
    next: Way = "/"
