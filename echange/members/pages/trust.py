"""Signs of trust given and taken back: by the desk, and by neighbours who know somebody."""

from typing import Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Form,
    NotFound,
    Rate,
    blank,
    concierge,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    viewer_of,
)
from echange.http.forms import Bound, Text
from echange.i18n import gettext as _
from echange.members.meeting import met_by
from echange.members.models import Cooptation, Member, Verification
from echange.members.viewing import current_member

VOUCHING: Final = Rate("cooptation", burst=5, per=86_400)


class WithdrawalForm(Form):
    """Why a verification is taken back; the member is told."""

    reason: Text = Field(min_length=1, max_length=300)


async def ask_to_vouch(request: Request) -> Response:
    """GET /membres/{handle}/cooptation."""
    person = await _met(request)
    return render(request, "members/vouch.html", {"name": person.name, "url": person.url})


async def vouch(request: Request) -> Response:
    """POST /membres/{handle}/cooptation."""
    me, person = await current_member(request), await _met(request)
    await Cooptation.give(person, by=me.id)
    said = _("C’est dit : vous connaissez {name}. Merci.").format(name=person.name)
    return redirect(request, person.url, say=said, undo_url=f"{person.url}/cooptation/retrait")


async def vouch_no_more(request: Request) -> Response:
    """POST /membres/{handle}/cooptation/retrait."""
    me, person = await current_member(request), await _met(request)
    await Cooptation.withdraw(person, by=me.id)
    return redirect(request, person.url, say=_("C’est retiré : votre nom n’est plus sur ce profil."))


async def ask_to_verify(request: Request) -> Response:
    """GET /membres/{handle}/verification."""
    person = await _anybody(request)
    return render(request, "members/verify.html", {"name": person.name, "url": person.url})


async def verify(request: Request) -> Response:
    """POST /membres/{handle}/verification."""
    me, person = await current_member(request), await _anybody(request)
    await Verification.give(person, by=me.id)
    said = _("{name} est maintenant vérifié par l’accueil.").format(name=person.name)
    return redirect(request, await _way_back(request, person), say=said)


async def ask_to_unverify(request: Request) -> Response:
    """GET /membres/{handle}/verification/retrait."""
    return render(
        request, "members/unverify.html", _unverifying(await _anybody(request), blank(WithdrawalForm))
    )


async def unverify(request: Request) -> Response:
    """POST /membres/{handle}/verification/retrait."""
    me, person = await current_member(request), await _anybody(request)
    bound = await read_form(request, WithdrawalForm)
    if bound.data is None:
        return refused_form(request, "members/unverify.html", _unverifying(person, bound))
    await Verification.withdraw(person, by=me.id, reason=bound.data.reason)
    said = _("La vérification est retirée. La personne est prévenue, avec votre raison.")
    return redirect(request, await _way_back(request, person), say=said)


def _unverifying(person: Member, bound: Bound[WithdrawalForm]) -> dict[str, object]:
    return {"name": person.name, "url": person.url, "form": bound}


async def _met(request: Request) -> Member:
    person = await met_by(viewer_of(request)).get_or_none(handle=request.path_params["handle"])
    if person is None:
        raise NotFound
    return person


async def _anybody(request: Request) -> Member:
    # The desk meets people, not profiles: a pause or a block does not hide who stands before it.
    person = await Member.get_or_none(handle=request.path_params["handle"], left_at=None)
    if person is None:
        raise NotFound
    return person


async def _way_back(request: Request, person: Member) -> str:
    met = await met_by(viewer_of(request)).filter(id=person.id).exists()
    return person.url if met else f"/administration/membres/{person.id}"


routes = [
    page("/membres/{handle:handle}/cooptation", ask_to_vouch, who=member),
    page("/membres/{handle:handle}/cooptation", vouch, who=member, methods=("POST",), limit=VOUCHING),
    page("/membres/{handle:handle}/cooptation/retrait", vouch_no_more, who=member, methods=("POST",)),
    page("/membres/{handle:handle}/verification", ask_to_verify, who=concierge),
    page("/membres/{handle:handle}/verification", verify, who=concierge, methods=("POST",)),
    page("/membres/{handle:handle}/verification/retrait", ask_to_unverify, who=concierge),
    page("/membres/{handle:handle}/verification/retrait", unverify, who=concierge, methods=("POST",)),
]
