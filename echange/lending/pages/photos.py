"""The photos of a form: new ones taken one by one, kept ones told, moved or removed; and a photo's file."""

import re
from collections.abc import Mapping
from typing import Final, cast

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.http import AltForm, Invalid, NotFound, viewer_of
from echange.http.forms import validate
from echange.http.uploads import chosen_files, shown_name
from echange.i18n import gettext as _
from echange.lending.models.item import Item
from echange.lending.models.photo import MOST_PHOTOS, ItemPhoto, Way
from echange.lending.refusals import TooManyItemPhotos
from echange.media import MAX_BYTES, PhotoRefused, StorageFull, Store

# All photos at their heaviest, and the words.
PHOTOS_BODY: Final = MOST_PHOTOS * MAX_BYTES + 1024 * 1024
# What the buttons beside a photo send.
MOVE: Final = re.compile("(first|earlier|later)-([1-9][0-9]{0,8})")


async def keep_photos(request: Request, item: Item, remove: list[int]) -> list[str]:
    """Do what a form says about photos; sentences about those that could not be kept, the others are."""
    form = await request.form()
    store: Store = request.app.state.store
    if remove:
        await ItemPhoto.forget(item, remove, store)
    if moved := moved_photo(form):
        await ItemPhoto.move(item, moved[1], moved[0])
    complaints = await _tell_alts(form, item)
    for file in chosen_files(form, "photos"):
        try:
            await ItemPhoto.add(item, await file.read(MAX_BYTES + 1), store)
        except (PhotoRefused, StorageFull) as error:
            complaints.append(_("{name} : {reason}").format(name=shown_name(file), reason=error.message))
        except TooManyItemPhotos as refusal:
            return [*complaints, refusal.title]
    return complaints


def moved_photo(form: FormData) -> tuple[Way, int] | None:
    """Which way a photo is to go, when one of its buttons was pressed."""
    asked = MOVE.fullmatch(str(form.get("photo", "")))
    return (cast("Way", asked[1]), int(asked[2])) if asked else None


async def _tell_alts(form: FormData, item: Item) -> list[str]:
    complaints: list[str] = []
    for photo in await ItemPhoto.filter(item_id=item.id):
        words = form.get(f"alt-{photo.id}")
        if not isinstance(words, str) or words.strip() == photo.alt:
            continue
        try:
            alt = validate(AltForm, {"alt": words}).alt
        except Invalid as refusal:
            complaints += refusal.errors.get("alt", [])
        else:
            await ItemPhoto.filter(id=photo.id).update(alt=alt)
    return complaints


async def show_photo(request: Request) -> Response:
    """GET /prets/12/photos/7-640.webp, for whoever may see the item."""
    place: Mapping[str, int] = request.path_params
    item = await Item.visible_to(viewer_of(request)).get_or_none(id=place["id"])
    photo = item and await ItemPhoto.get_or_none(id=place["photo"], item_id=item.id)
    if not item or not photo or place["width"] not in photo.widths:
        raise NotFound
    store: Store = request.app.state.store
    path = store.path(photo.name, place["width"])
    if not path.is_file():
        raise NotFound
    # A photo never changes under its address; a draft's is nobody's business yet.
    kept = "private, max-age=31536000, immutable" if item.published_at else "private, no-store"
    return FileResponse(path, media_type="image/webp", headers={"cache-control": kept})
