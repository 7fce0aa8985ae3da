"""Opening a group, by a form."""

from dataclasses import replace

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.chat.choosing import choosable
from echange.chat.forms import ClientId, GroupTitle
from echange.chat.identifiers import client_id
from echange.chat.models import Conversation
from echange.chat.pages.groups import NOT_NOW, ChoosingForm, picked
from echange.chat.pages.thread import OPENING
from echange.http import (
    Bound,
    Invalid,
    member,
    page,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)


class NewGroupForm(ChoosingForm):
    titre: GroupTitle = ""
    client_id: ClientId = Field(default_factory=client_id)


async def show_new_group(request: Request) -> Response:
    """GET /messages/groupe, with what was filled in before somebody was looked for."""
    return await _new_group(request, read_query(request, NewGroupForm))


async def open_group(request: Request) -> Response:
    """POST /messages/groupe."""
    bound = await read_form(request, NewGroupForm)
    if bound.data is None:
        return await _new_group(request, bound, refused=True)
    form = bound.data
    try:
        group = await Conversation.open_group(
            form.membres, by=signed_in(request).id, title=form.titre, name=form.client_id
        )
    except Invalid as refusal:
        return await _new_group(
            request, bound.refuse(Invalid({"membres": refusal.errors["members"]})), refused=True
        )
    except NOT_NOW as refusal:
        return await _new_group(request, bound.refuse(refusal, at="membres"), refused=True)
    return redirect(request, f"/messages/{group.id}")


async def _new_group(request: Request, bound: Bound[NewGroupForm], *, refused: bool = False) -> Response:
    chosen, name = picked(bound)
    context = {
        "form": _ticked(bound, chosen),
        "people": await choosable(signed_in(request), name=name, chosen=chosen),
        "name": name,
        "client_id": client_id(),
    }
    if refused:
        return refused_form(request, "chat/new_group.html", context)
    return render(request, "chat/new_group.html", context)


def _ticked(bound: Bound[NewGroupForm], chosen: list[int]) -> Bound[NewGroupForm]:
    return replace(bound, values={**bound.values, "membres": [str(one) for one in chosen]})


routes = [
    page("/messages/groupe", show_new_group, who=member),
    page("/messages/groupe", open_group, who=member, methods=("POST",), limit=OPENING),
]
