"""Shifts as a calendar file."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from echange.http import icalendar
from echange.http.icalendar import Appointment
from echange.i18n import gettext as _
from echange.mutual_aid.rota_showing import ShiftLine


def answer_with(request: Request, lines: Sequence[ShiftLine], filename: str) -> Response:
    """These shifts, to be opened by a calendar; one for which somebody waits is only pencilled in."""
    return icalendar.calendar_file(request, [_appointment(line) for line in lines], filename)


def _appointment(line: ShiftLine) -> Appointment:
    return Appointment(
        key=f"shift-{line.id}",
        start=line.starts_at,
        end=line.ends_at,
        title=f"{line.title} ({line.role})" if line.role else line.title,
        place="",
        text=_("Créneau d’entraide sur échange."),
        path=line.url,
        agreed=line.mine in {"coming", "swapping"},
    )
