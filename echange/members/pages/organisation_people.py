"""The people of an organisation: invited, given a role, removed, leaving."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    Invalid,
    Rate,
    Refusal,
    anyone,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.http.viewer import initials, tint
from echange.i18n import gettext as _
from echange.members.models import Invitation, Membership, Organisation
from echange.members.models.invitation import AlreadyIn
from echange.members.organisations.forms import InviteForm, RoleForm, ShownForm
from echange.members.organisations.loading import owned, visible_organisation
from echange.members.organisations.queries import Person, pending_invitations, people_of
from echange.members.organisations.words import kind_word, role_choices, role_word
from echange.members.pages.door import home_of, spare_mailbox

INVITING: Final = Rate("invite", 20, 86_400)


async def manage(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/personnes"""
    screen = await _screen(request, await owned(request), blank(InviteForm, role="member"))
    return render(request, "members/organisation_people.html", screen)


async def invite(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/invitations"""
    organisation = await owned(request)
    bound = await read_form(request, InviteForm)
    form = bound.data
    if form is None:
        return await _refused(request, organisation, bound)
    spare_mailbox(request, form.email)
    try:
        await Invitation.send(
            organisation, form.email, form.role, by=signed_in(request), home=home_of(request)
        )
    except Refusal as refusal:
        return await _refused(request, organisation, bound.refuse(refusal, at="email"))
    say = _("Un mail part vers {email}. L’invitation est bonne quatorze jours.").format(email=form.email)
    return redirect(request, f"{organisation.url}/personnes", say=say)


async def _refused(request: Request, organisation: Organisation, bound: Bound[InviteForm]) -> Response:
    screen = await _screen(request, organisation, bound)
    return refused_form(request, "members/organisation_people.html", screen)


async def _screen(request: Request, organisation: Organisation, form: Bound[InviteForm]) -> dict[str, Any]:
    people = await people_of(organisation.id, viewer_of(request), everybody=True)
    return {
        "organisation": _named(organisation),
        "people": [{"person": one, "role": role_word(one.role)} for one in people],
        "pending": [
            {"id": one.id, "email": one.email, "role": role_word(one.role), "until": one.expires_at}
            for one in await pending_invitations(organisation.id)
        ],
        "form": form,
        "roles": role_choices(),
    }


async def withdraw_invitation(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/invitations/7/retrait"""
    organisation = await owned(request)
    await Invitation.withdraw(organisation.id, request.path_params["id"])
    return redirect(request, f"{organisation.url}/personnes", say=_("Cette invitation ne sert plus."))


async def ask_change(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/personnes/12: another role, or out"""
    organisation = await owned(request)
    part = await Membership.of(organisation.id, request.path_params["id"])
    return _change_page(request, organisation, part, blank(RoleForm, role=part.role))


async def change_role(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/personnes/12"""
    organisation = await owned(request)
    part = await Membership.of(organisation.id, request.path_params["id"])
    bound = await read_form(request, RoleForm)
    if bound.data is None:
        return _change_page(request, organisation, part, bound, refused=True)
    try:
        await part.become(bound.data.role, by=signed_in(request))
    except Refusal as refusal:
        bound = bound.refuse(refusal, at="role")
        return _change_page(request, organisation, part, bound, refused=True)
    decides = signed_in(request).id != part.member_id or part.role == "owner"
    back = f"{organisation.url}/personnes" if decides else organisation.url
    return redirect(request, back, say=_("Le rôle est changé."))


async def remove(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/personnes/12/retrait"""
    organisation = await owned(request)
    part = await Membership.of(organisation.id, request.path_params["id"])
    viewer = signed_in(request)
    if part.member_id == viewer.id:
        return redirect(request, f"{organisation.url}/depart")
    await part.end(by=viewer)
    say = _("Cette personne ne fait plus partie de « {name} ».").format(name=organisation.name)
    return redirect(request, f"{organisation.url}/personnes", say=say)


def _change_page(
    request: Request,
    organisation: Organisation,
    part: Membership,
    form: Bound[RoleForm],
    *,
    refused: bool = False,
) -> Response:
    screen = {
        "organisation": _named(organisation),
        "person": Person(part.member_id, part.member.name, part.member.handle, part.role, part.shown),
        "form": form,
        "roles": role_choices(),
    }
    show = refused_form if refused else render
    return show(request, "members/organisation_person.html", screen)


async def ask_leave(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/depart"""
    organisation = await visible_organisation(request)
    await Membership.of(organisation.id, signed_in(request).id)
    return render(request, "members/organisation_leave.html", _leaving(organisation))


async def leave(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/depart"""
    organisation = await visible_organisation(request)
    viewer = signed_in(request)
    part = await Membership.of(organisation.id, viewer.id)
    try:
        await part.end(by=viewer)
    except Refusal as refusal:
        screen = _leaving(organisation, {"": [refusal.title]})
        return refused_form(request, "members/organisation_leave.html", screen)
    say = _("Vous ne faites plus partie de « {name} ».").format(name=organisation.name)
    return redirect(request, "/moi/associations", say=say)


def _leaving(organisation: Organisation, errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    return {"organisation": _named(organisation), "form": Bound[Any](errors=errors or {})}


async def be_shown(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/presence: whether its page names me"""
    organisation = await visible_organisation(request)
    part = await Membership.of(organisation.id, signed_in(request).id)
    bound = await read_form(request, ShownForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    shown = bound.data.shown
    await part.show(shown)
    say = _("Votre nom est sur cette page.") if shown else _("Votre nom n’est plus sur cette page.")
    return redirect(request, organisation.url, say=say)


async def show_invitation(request: Request) -> Response:
    """GET /invitations/…: who invites, to what; the answer is a POST, for mail scanners follow links"""
    viewer = viewer_of(request)
    invitation = await Invitation.find(request.path_params["key"], viewer)
    headers = {"cache-control": "no-store"}
    return render(request, "members/invitation.html", _invited(invitation), headers=headers)


async def accept_invitation(request: Request) -> Response:
    """POST /invitations/…"""
    viewer = signed_in(request)
    invitation = await Invitation.find(request.path_params["key"], viewer)
    try:
        organisation = await invitation.accept(by=viewer)
    except AlreadyIn as refusal:
        return redirect(request, invitation.organisation.url, say=refusal.title, kind="info")
    say = _("Vous faites maintenant partie de « {name} ».").format(name=organisation.name)
    return redirect(request, organisation.url, say=say)


def _invited(invitation: Invitation) -> dict[str, Any]:
    words = {value: hint for value, _word, hint in role_choices()}
    return {
        "organisation": _named(invitation.organisation),
        "host": invitation.by.name,
        "role": role_word(invitation.role),
        "role_hint": words.get(invitation.role, ""),
        "until": invitation.expires_at,
    }


def _named(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "initials": initials(organisation.name),
        "tint": tint(organisation.id),
        "kind": organisation.kind,
        "kind_word": kind_word(organisation.kind),
        "url": organisation.url,
        "headline": organisation.headline,
    }


routes: Final[list[GuardedRoute]] = [
    page("/associations/{slug:slug}/personnes", manage, who=member),
    page("/associations/{slug:slug}/invitations", invite, who=member, methods=("POST",), limit=INVITING),
    page(
        "/associations/{slug:slug}/invitations/{id:id}/retrait",
        withdraw_invitation,
        who=member,
        methods=("POST",),
    ),
    page("/associations/{slug:slug}/personnes/{id:id}", ask_change, who=member),
    page("/associations/{slug:slug}/personnes/{id:id}", change_role, who=member, methods=("POST",)),
    page("/associations/{slug:slug}/personnes/{id:id}/retrait", remove, who=member, methods=("POST",)),
    page("/associations/{slug:slug}/depart", ask_leave, who=member),
    page("/associations/{slug:slug}/depart", leave, who=member, methods=("POST",)),
    page("/associations/{slug:slug}/presence", be_shown, who=member, methods=("POST",)),
    page("/invitations/{key:word}", show_invitation, who=anyone),
    page("/invitations/{key:word}", accept_invitation, who=member, methods=("POST",)),
]
