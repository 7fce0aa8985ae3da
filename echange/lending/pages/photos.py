"""The file of a photo of something lent."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.http import NotFound, viewer_of
from echange.lending.models.item import Item
from echange.lending.models.photo import ItemPhoto
from echange.media import Store


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
