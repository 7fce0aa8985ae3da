"""Annonces in JSON, over the same verbs as the pages."""

from datetime import datetime

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from echange.ads.addresses import photo_url
from echange.ads.forms import AdForm, AdPatch, AdsQuery, AltForm, AnswerForm, ClosureForm
from echange.ads.loading import own_ad, visible_ad, whole
from echange.ads.models import Ad, AdPhoto, Answer
from echange.ads.models.ad import quartier_named
from echange.ads.queries import Search, find_ids
from echange.ads.refusals import NoRoomForPhotos
from echange.http import (
    Invalid,
    Rate,
    SignedOut,
    Viewer,
    anyone,
    api,
    cut,
    member,
    read_json,
    read_query,
    viewer_of,
)
from echange.http import answer as reply
from echange.http.forms import validate
from echange.i18n import gettext as _
from echange.media import MAX_BYTES, PhotoRefused, StorageFull


class PhotoOut(BaseModel):
    id: int
    url: str
    width: int
    height: int
    alt: str


class OwnerOut(BaseModel):
    id: int
    name: str
    handle: str


class AdOut(BaseModel):
    id: int
    kind: str
    title: str
    body: str
    category: str
    quartier: str | None
    price_text: str
    state: str
    outcome: str | None
    url: str
    owner: OwnerOut | None
    photos: list[PhotoOut]
    created_at: datetime
    edited_at: datetime | None
    published_at: datetime | None
    closed_at: datetime | None


class AdPage(BaseModel):
    items: list[AdOut]
    next: str | None


class AnswerOut(BaseModel):
    id: int
    conversation: int


class ClosureOut(BaseModel):
    outcome: str
    at: datetime


async def list_ads(request: Request) -> Response:
    """Open annonces, newest first."""
    bound = read_query(request, AdsQuery)
    if bound.data is None:
        raise Invalid(bound.errors)
    query = bound.data
    search = Search(
        query.q,
        (query.kind,) if query.kind else (),
        ((await quartier_named(query.quartier)).id,) if query.quartier else (),
    )
    page = cut(await find_ids(search, query.limit + 1, query.position()), query.limit, lambda row: row)
    ids = [ad_id for _at, ad_id in page.items]
    ads = {ad.id: ad for ad in await whole(Ad.filter(id__in=ids))}
    items = [_out(ads[ad_id]) for ad_id in ids if ad_id in ads]
    return reply(AdPage(items=items, next=page.next))


async def create_ad(request: Request) -> Response:
    """A draft."""
    form = await read_json(request, AdForm)
    quartier = await quartier_named(form.quartier) if form.quartier is not None else None
    ad = await Ad.create(
        owner_id=_me(request).id,
        quartier_id=quartier.id if quartier else None,
        **form.model_dump(exclude={"quartier"}),
    )
    return reply(_out(await whole(Ad.filter(id=ad.id)).get()), 201)


async def show_ad(request: Request) -> Response:
    return reply(_out(await visible_ad(request)))


async def change_ad(request: Request) -> Response:
    """Only the fields that are given."""
    ad = await own_ad(request)
    form = await read_json(request, AdPatch)
    given = {name: value for name, value in form.model_dump(exclude_unset=True).items() if value is not None}
    await ad.edit(**given)
    return reply(_out(await visible_ad(request)))


async def delete_ad(request: Request) -> Response:
    ad = await own_ad(request)
    await ad.remove(request.app.state.store)
    return reply(None, 204)


async def add_photo(request: Request) -> Response:
    """Multipart: `file`, and `alt` for what one sees on it."""
    ad = await own_ad(request)
    sent = await request.form(max_files=1, max_fields=10)
    file, words = sent.get("file"), sent.get("alt", "")
    if not isinstance(file, UploadFile):
        raise Invalid({"file": [_("Remplissez ce champ.")]})
    alt = validate(AltForm, {"alt": words if isinstance(words, str) else ""}).alt
    try:
        photo = await ad.add_photo(await file.read(MAX_BYTES + 1), request.app.state.store)
    except PhotoRefused as error:
        raise Invalid({"file": [error.message]}) from error
    except StorageFull as error:
        raise NoRoomForPhotos from error
    if alt:
        await AdPhoto.filter(id=photo.id).update(alt=alt)
        photo.alt = alt
    return reply(_photo_out(photo), 201)


async def publish_ad(request: Request) -> Response:
    ad = await own_ad(request)
    await ad.publish(by=_me(request))
    return reply(_out(await visible_ad(request)), 201)


async def answer_ad(request: Request) -> Response:
    ad = await visible_ad(request)
    form = await read_json(request, AnswerForm)
    given = await Answer.give(ad, by=_me(request), body=form.body, client_id=form.client_id)
    return reply(AnswerOut(id=given.id, conversation=given.conversation_id), 201)


async def close_ad(request: Request) -> Response:
    ad = await own_ad(request)
    form = await read_json(request, ClosureForm)
    closure = await ad.close(by=_me(request), outcome=form.outcome)
    return reply(ClosureOut(outcome=closure.outcome, at=closure.at), 201)


async def reopen_ad(request: Request) -> Response:
    ad = await own_ad(request)
    await ad.reopen(by=_me(request))
    return reply(None, 204)


def _out(ad: Ad) -> AdOut:
    closure = ad.closure if ad.closed_at else None
    return AdOut(
        id=ad.id,
        kind=ad.kind,
        title=ad.title,
        body=ad.body,
        category=ad.category,
        quartier=ad.quartier.slug if ad.quartier else None,
        price_text=ad.price_text,
        state=ad.state,
        outcome=closure.outcome if closure else None,
        url=ad.url,
        owner=OwnerOut(id=ad.owner.id, name=ad.owner.name, handle=ad.owner.handle) if ad.owner else None,
        photos=[_photo_out(photo) for photo in sorted(ad.photos, key=lambda photo: photo.position)],
        created_at=ad.created_at,
        edited_at=ad.edited_at,
        published_at=ad.published_at,
        closed_at=ad.closed_at,
    )


def _photo_out(photo: AdPhoto) -> PhotoOut:
    url = photo_url(photo.ad_id, photo.id, max(photo.widths))
    return PhotoOut(id=photo.id, url=url, width=photo.width, height=photo.height, alt=photo.alt)


def _me(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise SignedOut
    return viewer


routes = [
    api("GET", "/ads", list_ads, who=anyone, summary="Les annonces ouvertes, les plus récentes d’abord",
        query=AdsQuery, answer=AdPage),
    api("POST", "/ads", create_ad, who=member, summary="Commencer une annonce : un brouillon",
        body=AdForm, answer=AdOut, status=201, limit=Rate("draft", 30, 3600)),
    api("GET", "/ads/{id:id}", show_ad, who=anyone, summary="Une annonce", answer=AdOut),
    api("PATCH", "/ads/{id:id}", change_ad, who=member, summary="Corriger une annonce",
        body=AdPatch, answer=AdOut),
    api("DELETE", "/ads/{id:id}", delete_ad, who=member, summary="Supprimer une annonce", status=204),
    api("POST", "/ads/{id:id}/photos", add_photo, who=member, summary="Ajouter une photo (champ « file »)",
        answer=PhotoOut, upload=True, status=201, limit=Rate("photo", 60, 3600)),
    api("POST", "/ads/{id:id}/publication", publish_ad, who=member, summary="Publier un brouillon",
        answer=AdOut, status=201),
    api("POST", "/ads/{id:id}/answers", answer_ad, who=member, summary="Répondre à une annonce",
        body=AnswerForm, answer=AnswerOut, status=201, limit=Rate("answer", 20, 600)),
    api("POST", "/ads/{id:id}/closure", close_ad, who=member, summary="Terminer une annonce",
        body=ClosureForm, answer=ClosureOut, status=201),
    api("DELETE", "/ads/{id:id}/closure", reopen_ad, who=member, summary="Rouvrir une annonce", status=204),
]  # fmt: skip
