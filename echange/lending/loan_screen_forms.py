"""What people write on the pages of loans."""

from typing import Annotated

from pydantic import Field

from echange.http import Form, Id, Text
from echange.lending.loan_forms import LoanForm, OurInstant, Purpose, Reason, Words

__all__ = [
    "AskForm",
    "BoardQuery",
    "LoanReasonForm",
    "LoanWordsForm",
    "NothingForm",
    "PurposeForm",
    "RenewForm",
    "WindowChoiceForm",
]


class NothingForm(Form):
    """A button says it all."""


class AskForm(LoanForm):
    """`once` comes with the page: the same one sent twice is one loan."""

    once: Annotated[Text, Field(max_length=36)] = ""


class WindowChoiceForm(LoanForm):
    """Another window for a loan; `words` go with a proposal."""

    words: Words = ""


class PurposeForm(Form):
    purpose: Purpose = ""


class LoanWordsForm(Form):
    words: Words = ""


class LoanReasonForm(Form):
    words: Reason


class RenewForm(Form):
    """The day and the hour of the return."""

    end: OurInstant


class BoardQuery(Form):
    """`?preteur=`: which lender's board."""

    preteur: Id | None = None
