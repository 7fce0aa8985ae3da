"""The photos of a form or of a call: new ones taken one by one, kept ones told, moved or removed."""

import re
from typing import Final, TypeVar, cast

from starlette.datastructures import FormData
from starlette.requests import Request

from echange.http import AltForm, Invalid, read_alt, read_upload
from echange.http.forms import validate
from echange.http.refusals import NoRoom
from echange.http.uploads import chosen_files, shown_name
from echange.i18n import gettext as _
from echange.media.album import MOST_PHOTOS, AlbumPhoto, Pictured, TooManyPhotos, Way
from echange.media.intake import MAX_BYTES
from echange.media.refusals import PhotoRefused
from echange.media.store import StorageFull, Store

Photo = TypeVar("Photo", bound=AlbumPhoto)
# All photos at their heaviest, and the words.
PHOTOS_BODY: Final = MOST_PHOTOS * MAX_BYTES + 1024 * 1024
# What the buttons beside a photo send.
MOVE: Final = re.compile("(first|earlier|later)-([1-9][0-9]{0,8})")


async def keep_photos(
    request: Request, whose: Pictured, photos: type[AlbumPhoto], remove: list[int]
) -> list[str]:
    """Do what a form says about photos; sentences about those that could not be kept, the others are."""
    form = await request.form()
    store: Store = request.app.state.store
    if remove:
        await photos.forget(whose, remove, store)
    if moved := moved_photo(form):
        await photos.move(whose, moved[1], moved[0])
    complaints = await _tell_alts(form, whose, photos)
    for file in chosen_files(form, "photos"):
        try:
            await photos.add(whose, await file.read(MAX_BYTES + 1), store)
        except (PhotoRefused, StorageFull) as error:
            complaints.append(_("{name} : {reason}").format(name=shown_name(file), reason=error.message))
        except TooManyPhotos as refusal:
            return [*complaints, refusal.title]
    return complaints


def moved_photo(form: FormData) -> tuple[Way, int] | None:
    """Which way a photo is to go, when one of its buttons was pressed."""
    asked = MOVE.fullmatch(str(form.get("photo", "")))
    return (cast("Way", asked[1]), int(asked[2])) if asked else None


async def _tell_alts(form: FormData, whose: Pictured, photos: type[AlbumPhoto]) -> list[str]:
    complaints: list[str] = []
    for photo in await photos.filter(**{photos.OF: whose.id}):
        words = form.get(f"alt-{photo.id}")
        if not isinstance(words, str) or words.strip() == photo.alt:
            continue
        try:
            alt = validate(AltForm, {"alt": words}).alt
        except Invalid as refusal:
            complaints += refusal.errors.get("alt", [])
        else:
            await photos.filter(id=photo.id).update(alt=alt)
    return complaints


async def add_sent_photo(request: Request, whose: Pictured, photos: type[Photo]) -> Photo:
    """Keep the photo of a multipart body (`file`, `alt`). Raises Invalid, NoRoom, TooManyPhotos."""
    sent, alt = await read_upload(request), await read_alt(request)
    try:
        return await photos.add(whose, sent.data, request.app.state.store, alt)
    except PhotoRefused as error:
        raise Invalid({"file": [error.message]}) from error
    except StorageFull as error:
        raise NoRoom from error
