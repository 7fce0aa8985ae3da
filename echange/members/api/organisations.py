"""Organisations as JSON, over the same verbs as the pages; and the hat of a program or a browser."""

from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    GuardedRoute,
    Invalid,
    Out,
    answer,
    anyone,
    api,
    concierge,
    member,
    read_json,
    read_query,
    signed_in,
    viewer_of,
)
from echange.members.models import Invitation, Membership, Organisation, Quartier
from echange.members.organisations.forms import (
    ActingForm,
    DescribePatch,
    FoundForm,
    InviteForm,
    OrganisationsApiQuery,
    ReasonForm,
    RoleForm,
    VerifyForm,
)
from echange.members.organisations.loading import (
    owned,
    spoken_for,
    visible_organisation,
)
from echange.members.organisations.queries import (
    OrganisationCard,
    find_organisations,
    pending_invitations,
    people_of,
)
from echange.members.pages.door import home_of, spare_mailbox
from echange.members.pages.hats import put_on
from echange.members.pages.organisation_people import INVITING
from echange.members.pages.organisations import FOUNDING


class OrganisationOut(Out):
    """`rna` and `siret` as claimed; `verified_at` once the desk has checked them."""

    id: int
    name: str
    kind: str
    headline: str
    about: str
    website: str
    quartier: str
    rna: str | None
    siret: str | None
    verified_at: datetime | None
    closed_at: datetime | None
    url: str


class OrganisationLine(Out):
    """In a list."""

    id: int
    name: str
    kind: str
    headline: str
    quartier: str
    verified: bool
    url: str


class OrganisationPage(Out):
    items: list[OrganisationLine]
    next: str | None


class PersonOut(Out):
    id: int
    name: str
    role: str
    url: str


class PeoplePage(Out):
    items: list[PersonOut]
    next: str | None


class InvitationOut(Out):
    id: int
    email: str
    role: str
    expires_at: datetime


class InvitationPage(Out):
    items: list[InvitationOut]
    next: str | None


class ActingOut(Out):
    """For whom one acts: the id of an organisation, or nobody else."""

    organisation: int | None


async def list_organisations(request: Request) -> Response:
    bound = read_query(request, OrganisationsApiQuery)
    query = bound.data
    if query is None:
        raise Invalid(bound.errors)
    found = await find_organisations(query.q, query.kind, query.quartier, query.limit, query.position())
    return answer(OrganisationPage(items=[_line(card) for card in found.items], next=found.next))


def _line(card: OrganisationCard) -> OrganisationLine:
    return OrganisationLine(
        id=card.id,
        name=card.name,
        kind=card.kind,
        headline=card.headline,
        quartier=card.quartier,
        verified=card.verified,
        url=card.url,
    )


async def found(request: Request) -> Response:
    form = await read_json(request, FoundForm)
    organisation = await Organisation.found(by=signed_in(request), **await _columns(form.model_dump()))
    return await _whole(organisation, 201)


async def show_organisation(request: Request) -> Response:
    return await _whole(await visible_organisation(request))


async def describe(request: Request) -> Response:
    """Only the fields that are given."""
    organisation = await spoken_for(request)
    form = await read_json(request, DescribePatch)
    await organisation.rewrite(by=signed_in(request), **await _columns(form.given()))
    return await _whole(organisation)


async def _columns(said: dict[str, Any]) -> dict[str, Any]:
    """What a body says, as columns; raises Invalid."""
    if "quartier" in said:
        said["quartier"] = await Quartier.called(said["quartier"])
    return {**said, **{number: said[number] or None for number in ("rna", "siret") if number in said}}


async def close(request: Request) -> Response:
    organisation = await owned(request)
    await organisation.close()
    return await _whole(organisation, 201)


async def reopen(request: Request) -> Response:
    organisation = await owned(request)
    await organisation.reopen()
    return await _whole(organisation)


async def verify(request: Request) -> Response:
    organisation = await visible_organisation(request)
    form = await read_json(request, VerifyForm)
    await organisation.verify(by=signed_in(request), **form.model_dump())
    return await _whole(organisation)


async def withdraw_verification(request: Request) -> Response:
    organisation = await visible_organisation(request)
    form = await read_json(request, ReasonForm)
    await organisation.withdraw_verification(by=signed_in(request), reason=form.reason)
    return await _whole(organisation)


async def _whole(organisation: Organisation, status: int = 200) -> Response:
    await organisation.fetch_related("quartier")
    return answer(
        OrganisationOut(
            id=organisation.id,
            name=organisation.name,
            kind=organisation.kind,
            headline=organisation.headline,
            about=organisation.about,
            website=organisation.website,
            quartier=organisation.quartier.name if organisation.quartier else "",
            rna=organisation.rna,
            siret=organisation.siret,
            verified_at=organisation.verified_at,
            closed_at=organisation.closed_at,
            url=organisation.url,
        ),
        status,
    )


async def list_people(request: Request) -> Response:
    organisation = await visible_organisation(request)
    people = await people_of(organisation.id, viewer_of(request))
    items = [PersonOut(id=one.id, name=one.name, role=one.role, url=one.url) for one in people]
    return answer(PeoplePage(items=items, next=None))


async def change_role(request: Request) -> Response:
    part = await _part(request)
    form = await read_json(request, RoleForm)
    await part.become(form.role, by=signed_in(request))
    person = part.member
    return answer(PersonOut(id=person.id, name=person.name, role=part.role, url=person.url))


async def remove(request: Request) -> Response:
    part = await _part(request)
    await part.end(by=signed_in(request))
    return Response(status_code=204)


async def _part(request: Request) -> Membership:
    """Oneself's part, or for who decides anybody's: others are not told who keeps quiet about being in it."""
    member_id = request.path_params["member"]
    is_own = member_id == signed_in(request).id
    organisation = await (visible_organisation if is_own else owned)(request)
    return await Membership.of(organisation.id, member_id)


async def list_invitations(request: Request) -> Response:
    organisation = await owned(request)
    pending = await pending_invitations(organisation.id)
    items = [
        InvitationOut(id=one.id, email=one.email, role=one.role, expires_at=one.expires_at) for one in pending
    ]
    return answer(InvitationPage(items=items, next=None))


async def invite(request: Request) -> Response:
    organisation = await owned(request)
    form = await read_json(request, InviteForm)
    spare_mailbox(request, form.email)
    sent = await Invitation.send(
        organisation, form.email, form.role, by=signed_in(request), home=home_of(request)
    )
    return answer(
        InvitationOut(id=sent.id, email=sent.email, role=sent.role, expires_at=sent.expires_at), 201
    )


async def withdraw_invitation(request: Request) -> Response:
    organisation = await owned(request)
    await Invitation.withdraw(organisation.id, request.path_params["invitation"])
    return Response(status_code=204)


async def accept_invitation(request: Request) -> Response:
    viewer = signed_in(request)
    invitation = await Invitation.find(request.path_params["key"], viewer)
    return await _whole(await invitation.accept(by=viewer), 201)


async def act_for(request: Request) -> Response:
    form = await read_json(request, ActingForm)
    await put_on(signed_in(request), form.organisation)
    return answer(ActingOut(organisation=form.organisation))


async def act_for_oneself(request: Request) -> Response:
    await put_on(signed_in(request), None)
    return answer(ActingOut(organisation=None))


ONE: Final = "/organisations/{id:id}"

routes: Final[list[GuardedRoute]] = [
    api(
        "GET", "/organisations", list_organisations, who=anyone,
        summary="Organisations by name, kind, quartier", query=OrganisationsApiQuery, answer=OrganisationPage,
    ),
    api(
        "POST", "/organisations", found, who=member, summary="Found an organisation, and be its owner",
        body=FoundForm, answer=OrganisationOut, status=201, limit=FOUNDING,
    ),
    api("GET", ONE, show_organisation, who=anyone, summary="An organisation", answer=OrganisationOut),
    api(
        "PATCH", ONE, describe, who=member, summary="Change what is said of it",
        body=DescribePatch, answer=OrganisationOut,
    ),
    api(
        "POST", f"{ONE}/closure", close, who=member, summary="Close its page",
        answer=OrganisationOut, status=201,
    ),
    api("DELETE", f"{ONE}/closure", reopen, who=member, summary="Open it again", answer=OrganisationOut),
    api(
        "PUT", f"{ONE}/verification", verify, who=concierge,
        summary="Checked: this name, these numbers", body=VerifyForm, answer=OrganisationOut,
    ),
    api(
        "DELETE", f"{ONE}/verification", withdraw_verification, who=concierge,
        summary="Not verified any more, and why", body=ReasonForm, answer=OrganisationOut,
    ),
    api("GET", f"{ONE}/people", list_people, who=anyone, summary="Its people", answer=PeoplePage),
    api(
        "PUT", ONE + "/people/{member:id}", change_role, who=member, summary="Give a role",
        body=RoleForm, answer=PersonOut,
    ),
    api(
        "DELETE", ONE + "/people/{member:id}", remove, who=member,
        summary="Remove somebody, or leave", status=204,
    ),
    api(
        "GET", f"{ONE}/invitations", list_invitations, who=member,
        summary="Invitations not yet followed", answer=InvitationPage,
    ),
    api(
        "POST", f"{ONE}/invitations", invite, who=member, summary="Invite somebody by mail",
        body=InviteForm, answer=InvitationOut, status=201, limit=INVITING,
    ),
    api(
        "DELETE", ONE + "/invitations/{invitation:id}", withdraw_invitation, who=member,
        summary="Withdraw an invitation", status=204,
    ),
    api(
        "POST", "/invitations/{key:word}/acceptance", accept_invitation, who=member,
        summary="Accept an invitation", answer=OrganisationOut, status=201,
    ),
    api(
        "PUT", "/me/acting_for", act_for, who=member, summary="Act for an organisation of mine",
        body=ActingForm, answer=ActingOut,
    ),
    api(
        "DELETE", "/me/acting_for", act_for_oneself, who=member, summary="Act in my own name",
        answer=ActingOut,
    ),
]  # fmt: skip
