"""An organisation: found in the list, founded, described, closed, checked by the desk."""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    Rate,
    Refusal,
    anyone,
    blank,
    concierge,
    member,
    page,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.i18n import gettext as _
from echange.members.models import Organisation, Quartier
from echange.members.organisations.forms import (
    DescribeForm,
    FoundForm,
    OrganisationsQuery,
    ReasonForm,
    VerifyForm,
)
from echange.members.organisations.loading import (
    owned,
    role_in,
    spoken_for,
    visible_organisation,
)
from echange.members.organisations.queries import (
    find_organisations,
    own_organisations,
    people_of,
    waiting_for_the_desk,
)
from echange.members.organisations.showing import detail_of
from echange.members.organisations.words import kind_word, role_word
from echange.members.parts import parts_of_organisation
from echange.members.queries import quartier_choices

FOUNDING: Final = Rate("found organisations", 5, 86_400)


async def list_organisations(request: Request) -> Response:
    """GET /associations"""
    bound = read_query(request, OrganisationsQuery)
    query = bound.data
    if query is None:
        return refused_form(request, "members/organisations.html", _listed(bound, [], "", 0))
    viewer = viewer_of(request)
    is_desk = concierge.allows(viewer)
    found = await find_organisations(
        query.q, query.type, query.quartier, query.limit, query.position(),
        to_verify=is_desk and query.verifier == "1",
    )  # fmt: skip
    next_url = f"/associations?{_address(query, cursor=found.next)}" if found.next else ""
    waiting = await waiting_for_the_desk() if is_desk else 0
    return render(request, "members/organisations.html", _listed(bound, found.items, next_url, waiting))


def _listed(bound: Bound[OrganisationsQuery], items: Any, next_url: str, waiting: int) -> dict[str, Any]:  # noqa: ANN401
    query = bound.data or OrganisationsQuery()
    kinds = [
        ("", _("Toutes")),
        ("association", _("Associations")),
        ("professional", _("Professionnels")),
        ("municipal", _("Services de la ville")),
    ]
    chips = [
        (text, f"/associations?{_address(query, type=kind, verifier='')}".rstrip("?"), on)
        for kind, text in kinds
        for on in [query.type == kind and not query.verifier]
    ]
    if waiting:
        to_verify = _address(query, type="", verifier="1")
        text = _("À vérifier ({n})").format(n=waiting)
        chips.append((text, f"/associations?{to_verify}", query.verifier == "1"))
    return {"form": bound, "organisations": items, "next_url": next_url, "chips": chips}


def _address(query: OrganisationsQuery, **changed: str | None) -> str:
    kept = {
        "q": query.q, "type": query.type, "quartier": query.quartier, "verifier": query.verifier, **changed
    }  # fmt: skip
    return urlencode({name: value for name, value in kept.items() if value})


async def show_organisation(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute"""
    organisation = await visible_organisation(request)
    viewer = viewer_of(request)
    people = await people_of(organisation.id, viewer)
    role = await role_in(organisation, viewer)
    told = await parts_of_organisation(request, organisation, viewer)
    return render(
        request,
        "members/organisation.html",
        {
            "parts": [(part.template, part.values) for part in told],
            "organisation": _detail(request, organisation),
            "people": people,
            # Who reads what is written to it: a message goes to one person.
            "keeper": next((one for one in people if one.speaks), None),
            "role": role,
            "role_word": role_word(role or ""),
            "me": next((one for one in people if viewer and one.id == viewer.id), None),
            "speaks": role in {"owner", "manager"},
            "decides": role == "owner" or (viewer is not None and "admin" in viewer.roles),
            "is_desk": concierge.allows(viewer) and role is None,
        },
    )


async def show_own(request: Request) -> Response:
    """GET /moi/associations"""
    mine = await own_organisations(signed_in(request).id)
    lines = [{"organisation": one, "kind": kind_word(one.kind), "role": role_word(one.role)} for one in mine]
    return render(request, "members/own_organisations.html", {"lines": lines})


async def show_founding(request: Request) -> Response:
    """GET /associations/nouvelle"""
    form = blank(FoundForm, kind="association")
    return render(request, "members/organisation_new.html", await _form_screen(request, form))


async def found(request: Request) -> Response:
    """POST /associations/nouvelle"""
    bound = await read_form(request, FoundForm)
    if bound.data is not None:
        try:
            organisation = await Organisation.found(by=signed_in(request), **await _columns(bound.data))
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            say = _("La page de « {name} » est en ligne. Vous en êtes responsable.")
            return redirect(request, organisation.url, say=say.format(name=organisation.name))
    return refused_form(request, "members/organisation_new.html", await _form_screen(request, bound))


async def show_description(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/modifier"""
    one = await spoken_for(request)
    form = blank(
        DescribeForm,
        name=one.name,
        headline=one.headline,
        about=one.about,
        website=one.website,
        quartier=one.quartier.slug if one.quartier else "",
        rna=one.rna or "",
        siret=one.siret or "",
    )
    return render(request, "members/organisation_edit.html", await _form_screen(request, form, one))


async def describe(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/modifier"""
    one = await spoken_for(request)
    bound = await read_form(request, DescribeForm)
    if bound.data is not None:
        was_verified = one.verified_at is not None
        try:
            await one.rewrite(by=signed_in(request), **await _columns(bound.data))
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            lost = was_verified and one.verified_at is None
            say = (
                _("C’est à jour. Le signe « vérifiée » reviendra quand la conciergerie aura revu la page.")
                if lost
                else _("La page est à jour.")
            )
            return redirect(request, one.url, say=say)
    screen = await _form_screen(request, bound, await spoken_for(request))
    return refused_form(request, "members/organisation_edit.html", screen)


async def _columns(form: DescribeForm) -> dict[str, Any]:
    """What a form says, as columns; raises Invalid."""
    said = form.model_dump()
    quartier = await Quartier.called(said.pop("quartier"))
    return {**said, "quartier": quartier, "rna": form.rna or None, "siret": form.siret or None}


async def _form_screen(
    request: Request, form: Bound[Any], organisation: Organisation | None = None
) -> dict[str, Any]:
    kinds = [
        ("association", _("Une association"), _("Avec un numéro RNA, en général.")),
        ("professional", _("Un professionnel"), _("Commerce, artisan, cabinet : avec un numéro SIRET.")),
    ]
    if "admin" in signed_in(request).roles:
        kinds.append(("municipal", _("Un service de la ville"), _("Inscrit par l’administration seulement.")))
    return {
        "form": form,
        "kinds": kinds,
        "quartiers": await quartier_choices(),
        "organisation": organisation and _detail(request, organisation),
    }


async def ask_closure(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/fermeture"""
    one = await owned(request)
    return render(request, "members/organisation_close.html", {"organisation": _detail(request, one)})


async def close(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/fermeture"""
    one = await owned(request)
    await one.close()
    say = _("La page de « {name} » est fermée.").format(name=one.name)
    return redirect(request, "/moi/associations", say=say, undo_url=f"{one.url}/reouverture")


async def reopen(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/reouverture"""
    one = await owned(request)
    await one.reopen()
    return redirect(request, one.url, say=_("La page est de nouveau ouverte, et ses annonces avec elle."))


async def ask_verification(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/verification"""
    return await _verification_page(request, await visible_organisation(request), blank(ReasonForm))


async def verify(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/verification"""
    one = await visible_organisation(request)
    bound = await read_form(request, VerifyForm)
    if bound.data is not None:
        try:
            await one.verify(by=signed_in(request), **bound.data.model_dump())
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            return redirect(request, one.url, say=_("C’est vérifié. Ses responsables le savent."))
    # As it is now: that is what has to be read again.
    return await _verification_page(request, await visible_organisation(request), bound, refused=True)


async def withdraw_verification(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/verification/retrait"""
    one = await visible_organisation(request)
    bound = await read_form(request, ReasonForm)
    if bound.data is not None:
        try:
            await one.withdraw_verification(by=signed_in(request), reason=bound.data.reason)
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="reason")
        else:
            return redirect(request, one.url, say=_("Le signe est retiré. Ses responsables savent pourquoi."))
    return await _verification_page(request, one, bound, refused=True)


async def _verification_page(
    request: Request, organisation: Organisation, form: Bound[Any], *, refused: bool = False
) -> Response:
    screen = {
        "organisation": _detail(request, organisation),
        "people": [one for one in await people_of(organisation.id, viewer_of(request)) if one.speaks],
        "read": {"name": organisation.name, "rna": organisation.rna, "siret": organisation.siret},
        "form": form,
    }
    show = refused_form if refused else render
    return show(request, "members/organisation_verify.html", screen)


def _detail(request: Request, organisation: Organisation) -> dict[str, Any]:
    return detail_of(organisation, viewer_of(request), request.app.state.settings.desk_name)


routes: Final[list[GuardedRoute]] = [
    page("/associations", list_organisations, who=anyone),
    page("/associations/nouvelle", show_founding, who=member),
    page("/associations/nouvelle", found, who=member, methods=("POST",), limit=FOUNDING),
    page("/associations/{slug:slug}", show_organisation, who=anyone),
    page("/associations/{slug:slug}/modifier", show_description, who=member),
    page("/associations/{slug:slug}/modifier", describe, who=member, methods=("POST",)),
    page("/associations/{slug:slug}/fermeture", ask_closure, who=member),
    page("/associations/{slug:slug}/fermeture", close, who=member, methods=("POST",)),
    page("/associations/{slug:slug}/reouverture", reopen, who=member, methods=("POST",)),
    page("/associations/{slug:slug}/verification", ask_verification, who=concierge),
    page("/associations/{slug:slug}/verification", verify, who=concierge, methods=("POST",)),
    page(
        "/associations/{slug:slug}/verification/retrait",
        withdraw_verification,
        who=concierge,
        methods=("POST",),
    ),
    page("/moi/associations", show_own, who=member),
]
