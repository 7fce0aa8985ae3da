"""What others may notice of me while I am here."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Form, Invalid, blank, member, page, read_form, redirect, render
from echange.i18n import gettext as _
from echange.members.viewing import current_member


class PresenceForm(Form):
    presence: bool = False


async def show_privacy(request: Request) -> Response:
    """GET /moi/confidentialite"""
    me = await current_member(request)
    return render(request, "members/privacy.html", {"form": blank(PresenceForm, presence=me.shows_presence)})


async def choose_privacy(request: Request) -> Response:
    """POST /moi/confidentialite"""
    me = await current_member(request)
    bound = await read_form(request, PresenceForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    me.shows_presence = bound.data.presence
    await me.save(update_fields=["shows_presence"])
    return redirect(request, "/moi/confidentialite", say=_("C’est réglé."))


routes = [
    page("/moi/confidentialite", show_privacy, who=member),
    page("/moi/confidentialite", choose_privacy, who=member, methods=("POST",)),
]
