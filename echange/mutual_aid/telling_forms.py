"""What the desk writes about asks nobody answers."""

from typing import Annotated

from pydantic import Field

from echange.http import Form, Id, Line


class SuggestionForm(Form):
    """Whom the desk thinks of, and a few words to them."""

    member: Id
    words: Annotated[Line, Field(max_length=300)] = ""


class DeskClosureForm(Form):
    """Why it ends, said to whoever asked."""

    reason: Annotated[Line, Field(min_length=1, max_length=300)]
