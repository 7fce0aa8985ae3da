"""What people say when they take a list of equipment in."""

from typing import Annotated, Final

from pydantic import Field, create_model

from echange.http import Form
from echange.lending.import_columns import COLUMNS

Place = Annotated[int, Field(ge=-1, le=100)]


class ImportForm(Form):
    """In whose name: `me`, or the lender's id."""

    lender: Annotated[str, Field(max_length=12, pattern="^(me|o[1-9][0-9]{0,8}|p[1-9][0-9]{0,8})$")] = "me"


# For each of our columns its place in the list; -1 for none.
ColumnsForm: Final[type[Form]] = create_model(
    "ColumnsForm",
    __base__=Form,
    **{column.name: (Place, -1) for column in COLUMNS},  # type: ignore[call-overload]
)


class TakeInForm(Form):
    """Only the lines that are right, and whether the town may see them at once."""

    good_only: bool = False
    publish: bool = False
