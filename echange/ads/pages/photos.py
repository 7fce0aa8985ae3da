"""The photos of a form: new ones taken one by one, kept ones told, moved or removed."""

import re
from typing import Final, cast

from pydantic import BaseModel
from starlette.datastructures import FormData
from starlette.requests import Request

from echange.ads.models import MOST_PHOTOS, Ad, AdPhoto
from echange.ads.models.photo import Way
from echange.ads.refusals import TooManyPhotos
from echange.http import AltForm, Invalid
from echange.http.forms import validate
from echange.http.uploads import chosen_files, shown_name
from echange.i18n import gettext as _
from echange.media import MAX_BYTES, PhotoRefused, StorageFull, Store

# All photos of an annonce at their heaviest, and its words.
PHOTOS_BODY = MOST_PHOTOS * MAX_BYTES + 1024 * 1024
# What the buttons beside a photo send.
MOVE: Final = re.compile("(first|earlier|later)-([1-9][0-9]{0,8})")


async def keep_photos(request: Request, ad: Ad, data: BaseModel | None) -> list[str]:
    """Do what a form says about photos; sentences about those that could not be kept, the others are."""
    form = await request.form()
    store: Store = request.app.state.store
    if data is not None and (removed := getattr(data, "remove", [])):
        await AdPhoto.forget(ad, removed, store)
    if moved := moved_photo(form):
        await AdPhoto.move(ad, moved[1], moved[0])
    complaints = await _tell_alts(form, ad)
    for file in chosen_files(form, "photos"):
        try:
            await AdPhoto.add(ad, await file.read(MAX_BYTES + 1), store)
        except (PhotoRefused, StorageFull) as error:
            complaints.append(_("{name} : {reason}").format(name=shown_name(file), reason=error.message))
        except TooManyPhotos as refusal:
            return [*complaints, refusal.title]
    return complaints


def moved_photo(form: FormData) -> tuple[Way, int] | None:
    """Which way a photo is to go, when one of its buttons was pressed."""
    asked = MOVE.fullmatch(str(form.get("photo", "")))
    return (cast("Way", asked[1]), int(asked[2])) if asked else None


async def _tell_alts(form: FormData, ad: Ad) -> list[str]:
    complaints: list[str] = []
    for photo in await AdPhoto.filter(ad_id=ad.id):
        words = form.get(f"alt-{photo.id}")
        if not isinstance(words, str) or words.strip() == photo.alt:
            continue
        try:
            alt = validate(AltForm, {"alt": words}).alt
        except Invalid as refusal:
            complaints += refusal.errors.get("alt", [])
        else:
            await AdPhoto.filter(id=photo.id).update(alt=alt)
    return complaints
