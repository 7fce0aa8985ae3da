"""First words to a neighbour that could not be sent: their page again, with the words kept."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox
from echange.chat.identifiers import client_id
from echange.http import Bound, NotFound, refused_form, signed_in


async def refused(request: Request, member_id: int, bound: Bound[Any]) -> Response:
    """The words as they were written, and why they stay here; raises NotFound for whom one may not meet."""
    person = (await inbox.people([member_id], signed_in(request).id)).get(member_id)
    if person is None or person.gone:
        raise NotFound
    context = {"person": person, "form": bound, "client_id": client_id()}
    return refused_form(request, "chat/first_words.html", context)
