"""Thanks taken off one's own profile, and put back."""

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges.loading import own_thanks
from echange.exchanges.models import Thanks
from echange.http import redirect, render, signed_in
from echange.i18n import gettext as _


async def ask_removal(request: Request) -> Response:
    """GET /mercis/12/retrait."""
    thanks = await own_thanks(request)
    context = {"thanks": thanks, "name": thanks.by.name, "url": _place(thanks)}
    return render(request, "exchanges/remove_thanks.html", context)


async def remove(request: Request) -> Response:
    """POST /mercis/12/retrait."""
    thanks = await own_thanks(request)
    await thanks.remove(by=signed_in(request))
    said = _("Le merci n’est plus sur votre profil.")
    return redirect(request, _place(thanks), say=said, undo_url=f"/mercis/{thanks.id}/remise")


async def put_back(request: Request) -> Response:
    """POST /mercis/12/remise."""
    thanks = await own_thanks(request)
    await thanks.put_back(by=signed_in(request))
    return redirect(request, _place(thanks), say=_("Le merci est de nouveau sur votre profil."))


def _place(thanks: Thanks) -> str:
    return f"{thanks.member.url}#mercis"
