"""The photos of one thing in JSON: added, described, put first, removed by who keeps it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, TypeAlias

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.http import Form, GuardedRoute, Line, NotFound, Out, Rate, answer, api, member, read_json
from echange.http.uploads import LONGEST_ALT
from echange.media.album import Pictured
from echange.media.album_forms import Photo, add_sent_photo

# What the request names, for who may change it; raises NotFound, NotAllowed.
Kept: TypeAlias = Callable[[Request], Awaitable[Pictured]]


class PhotoOut(Out):
    """`url` is the largest file; its size in pixels."""

    id: int
    url: str
    width: int
    height: int
    alt: str


class PhotoPatch(Form):
    """What is not given stays; `first` puts it before the others."""

    alt: Annotated[Line, Field(max_length=LONGEST_ALT)] | None = None
    first: bool = False


def photo_api_routes(
    path: str, kept: Kept, photos: type[Photo], told: Callable[[Photo], PhotoOut]
) -> list[GuardedRoute]:
    """Calls below `path`, which names the thing."""
    calls, album = _PhotoCalls(kept, photos, told), f"{path}/photos"
    one = f"{album}/{{photo:id}}"
    return [
        api("POST", album, calls.add_photo, who=member, summary="Ajouter une photo (champ « file »)",
            answer=PhotoOut, upload=True, status=201, limit=Rate("photo", 60, 3600)),
        api("PATCH", one, calls.change_photo, who=member,
            summary="Dire ce que montre une photo, ou la mettre en premier", body=PhotoPatch,
            answer=PhotoOut),
        api("DELETE", one, calls.delete_photo, who=member, summary="Retirer une photo", status=204),
    ]  # fmt: skip


class _PhotoCalls(Generic[Photo]):
    def __init__(self, kept: Kept, photos: type[Photo], told: Callable[[Photo], PhotoOut]) -> None:
        self._kept = kept
        self._photos = photos
        self._told = told

    async def add_photo(self, request: Request) -> Response:
        """Multipart: `file`, and `alt` for what one sees on it."""
        whose = await self._kept(request)
        return answer(self._told(await add_sent_photo(request, whose, self._photos)), 201)

    async def change_photo(self, request: Request) -> Response:
        """What one sees on it, or that it comes first."""
        whose, photo = await self._named(request)
        form = await read_json(request, PhotoPatch)
        if form.alt is not None:
            await self._photos.filter(id=photo.id).update(alt=form.alt)
        if form.first:
            await self._photos.move(whose, photo.id, "first")
        return answer(self._told(await self._photos.get(id=photo.id)))

    async def delete_photo(self, request: Request) -> Response:
        whose, photo = await self._named(request)
        await self._photos.forget(whose, [photo.id], request.app.state.store)
        return answer(None, 204)

    async def _named(self, request: Request) -> tuple[Pictured, Photo]:
        whose = await self._kept(request)
        of: dict[str, Any] = {self._photos.OF: whose.id}
        photo = await self._photos.get_or_none(id=request.path_params["photo"], **of)
        if photo is None:
            raise NotFound
        return whose, photo
