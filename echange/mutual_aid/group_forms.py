"""What people write about groups of helpers."""

from typing import Annotated

from pydantic import AfterValidator, Field

from echange.http import Form, Id, Line, Text
from echange.http.forms import visible


class GroupForm(Form):
    name: Annotated[Line, Field(min_length=2, max_length=80), AfterValidator(visible)]
    words: Annotated[Text, Field(max_length=2000)] = ""
    coordinator: Id | None = None


class GroupPatch(Form):
    """What is not given stays."""

    name: Annotated[Line, Field(min_length=2, max_length=80), AfterValidator(visible)] | None = None
    words: Annotated[Text, Field(max_length=2000)] | None = None
    coordinator: Id | None = None


class HelperForm(Form):
    """Which of them; oneself when not told."""

    member: Id | None = None


class EntrustForm(Form):
    """For which group a help is; none when not told."""

    group: Id | None = None
