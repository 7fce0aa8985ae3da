"""Files of a multipart body, and what their sender says that one sees on them."""

from dataclasses import dataclass
from typing import Final

from pydantic import Field
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from echange.http.forms import Form, Line, read_form
from echange.http.refusals import Invalid
from echange.i18n import gettext as _

LONGEST_ALT: Final = 200
LONGEST_NAME: Final = 60


class AltForm(Form):
    """What one sees on a photo, for those who do not see it."""

    alt: Line = Field(default="", max_length=LONGEST_ALT)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; its `filename` is the sender's word, and may be empty."""

    data: bytes
    filename: str


async def read_upload(request: Request, field: str = "file", *, missing: str = "") -> Upload:
    """The file in `field`; the route's `max_body` bounds how heavy it is.

    Raises Invalid at `field`, with `missing` as its sentence, where no file was chosen.
    """
    file = (await request.form(max_files=1, max_fields=10)).get(field)
    # An empty file field of a page sends a file without name nor content.
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        raise Invalid({field: [missing or _("Remplissez ce champ.")]})
    return Upload(await file.read(), file.filename or "")


async def read_alt(request: Request) -> str:
    """The field `alt` beside the file that was read. Raises Invalid."""
    bound = await read_form(request, AltForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    return bound.data.alt


def chosen_files(form: FormData, field: str) -> list[UploadFile]:
    """The files that were chosen; an empty file field sends one without a name."""
    return [one for one in form.getlist(field) if isinstance(one, UploadFile) and one.filename]


def shown_name(file: UploadFile) -> str:
    """What its sender calls it, cut where it is too long for a sentence."""
    shown = "".join(char for char in file.filename or "" if char.isprintable())
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}…"
