"""Annonces in JSON, over the same verbs as the pages."""

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.api.photos import photo_out
from echange.ads.fitting import fitted
from echange.ads.forms import (
    AdForm,
    AdPatch,
    ClosureForm,
    PublicationForm,
    columns_of,
    grams,
)
from echange.ads.loading import own_ad, visible_ad, whole
from echange.ads.models import Ad
from echange.ads.quartiers import quartier_named
from echange.http import (
    Out,
    Rate,
    anyone,
    api,
    member,
    read_json,
    signed_in,
)
from echange.http import answer as reply
from echange.media.album_api import PhotoOut


class OwnerOut(Out):
    id: int
    name: str
    handle: str


class OrganisationOut(Out):
    id: int
    name: str
    slug: str
    kind: str


class AdOut(Out):
    id: int
    kind: str
    title: str
    body: str
    category: str
    quartier: str | None
    price_text: str
    price_cents: int | None
    condition: str
    weight_kg: float | None
    fair: bool
    lend_days: int | None
    terms: str
    when_text: str
    happened_on: date | None
    standing: bool
    noindex: bool
    state: str
    outcome: str | None
    url: str
    owner: OwnerOut | None
    organisation: OrganisationOut | None
    photos: list[PhotoOut]
    created_at: datetime
    edited_at: datetime | None
    published_at: datetime | None
    vouched_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None


class AdPage(Out):
    items: list[AdOut]
    next: str | None


class ClosureOut(Out):
    outcome: str
    weight_kg: float | None
    at: datetime


async def create_ad(request: Request) -> Response:
    """A draft."""
    form = await read_json(request, AdForm)
    quartier = await quartier_named(form.quartier) if form.quartier is not None else None
    ad = await Ad.create(
        owner_id=signed_in(request).id,
        quartier_id=quartier.id if quartier else None,
        **fitted(columns_of(form.model_dump(exclude={"quartier"})), kind="", price_text=""),
    )
    return reply(ad_out(await whole(Ad.filter(id=ad.id)).get()), 201)


async def show_ad(request: Request) -> Response:
    return reply(ad_out(await visible_ad(request)))


async def change_ad(request: Request) -> Response:
    """Only the fields that are given."""
    ad = await own_ad(request)
    form = await read_json(request, AdPatch)
    await ad.edit(by=signed_in(request), **columns_of(form.model_dump(exclude_unset=True)))
    return reply(ad_out(await visible_ad(request)))


async def delete_ad(request: Request) -> Response:
    ad = await own_ad(request)
    await ad.remove(request.app.state.store)
    return reply(None, 204)


async def publish_ad(request: Request) -> Response:
    """In the name of the organisation whose hat one wears, unless `as_myself`."""
    ad = await own_ad(request)
    form = await read_json(request, PublicationForm)
    await ad.publish(by=signed_in(request), under_hat=not form.as_myself)
    return reply(ad_out(await visible_ad(request)), 201)


async def renew_ad(request: Request) -> Response:
    """It still holds: 60 days more, or one more word for a standing offer."""
    ad = await own_ad(request)
    await ad.renew(by=signed_in(request))
    return reply(ad_out(await visible_ad(request)), 201)


async def close_ad(request: Request) -> Response:
    ad = await own_ad(request)
    form = await read_json(request, ClosureForm)
    closure = await ad.close(
        by=signed_in(request), outcome=form.outcome, weight_grams=grams(form.weight_kg) or ad.weight_grams
    )
    kilos = _kilos(closure.weight_grams)
    return reply(ClosureOut(outcome=closure.outcome, weight_kg=kilos, at=closure.at), 201)


async def reopen_ad(request: Request) -> Response:
    ad = await own_ad(request)
    await ad.reopen(by=signed_in(request))
    return reply(None, 204)


def ad_out(ad: Ad) -> AdOut:
    closure = ad.closure if ad.closed_at else None
    return AdOut(
        id=ad.id,
        kind=ad.kind,
        title=ad.title,
        body=ad.body,
        category=ad.category,
        quartier=ad.quartier.slug if ad.quartier else None,
        price_text=ad.price_text,
        price_cents=ad.price_cents,
        condition=ad.condition,
        weight_kg=_kilos(ad.weight_grams),
        fair=ad.fair,
        lend_days=ad.lend_days,
        terms=ad.terms,
        when_text=ad.when_text,
        happened_on=ad.happened_on,
        standing=ad.standing,
        noindex=ad.noindex,
        state=ad.state,
        outcome=closure.outcome if closure else None,
        url=ad.url,
        owner=_owner_out(ad),
        organisation=_organisation_out(ad),
        photos=[photo_out(photo) for photo in sorted(ad.photos, key=lambda photo: photo.position)],
        created_at=ad.created_at,
        edited_at=ad.edited_at,
        published_at=ad.published_at,
        vouched_at=ad.vouched_at,
        expires_at=ad.expires_at,
        closed_at=ad.closed_at,
    )


def _owner_out(ad: Ad) -> OwnerOut | None:
    # An organisation's annonce goes on when whoever published it is away; they are met nowhere.
    one = ad.owner
    if one is None or (ad.organisation_id and one.away):
        return None
    return OwnerOut(id=one.id, name=one.name, handle=one.handle)


def _organisation_out(ad: Ad) -> OrganisationOut | None:
    one = ad.organisation
    return OrganisationOut(id=one.id, name=one.name, slug=one.slug, kind=one.kind) if one else None


def _kilos(weight_grams: int | None) -> float | None:
    return weight_grams / 1000 if weight_grams else None


# Each of these tells everybody who waits, by mail.
TURNS = Rate("turn", 30, 600)

routes = [
    api("POST", "/ads", create_ad, who=member, summary="Commencer une annonce : un brouillon",
        body=AdForm, answer=AdOut, status=201, limit=Rate("draft", 30, 3600)),
    api("GET", "/ads/{id:id}", show_ad, who=anyone, summary="Une annonce", answer=AdOut),
    api("PATCH", "/ads/{id:id}", change_ad, who=member, summary="Corriger une annonce",
        body=AdPatch, answer=AdOut),
    api("DELETE", "/ads/{id:id}", delete_ad, who=member, summary="Supprimer une annonce", status=204),
    api("POST", "/ads/{id:id}/publication", publish_ad, who=member, summary="Publier un brouillon",
        body=PublicationForm, answer=AdOut, status=201),
    api("POST", "/ads/{id:id}/renewal", renew_ad, who=member, summary="Prolonger une annonce de 60 jours",
        answer=AdOut, status=201),
    api("POST", "/ads/{id:id}/closure", close_ad, who=member, summary="Terminer une annonce",
        body=ClosureForm, answer=ClosureOut, status=201, limit=TURNS),
    api("DELETE", "/ads/{id:id}/closure", reopen_ad, who=member, summary="Rouvrir une annonce", status=204,
        limit=TURNS),
]  # fmt: skip
