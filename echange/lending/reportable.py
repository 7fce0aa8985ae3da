"""Things lent as reports and moderators see them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tortoise.queryset import QuerySet

from echange.http import Viewer
from echange.http.excerpts import beginning_of
from echange.lending.addresses import photo_url
from echange.lending.loading import whole
from echange.lending.managing import managers_of
from echange.lending.models.item import Item
from echange.lending.models.photo import ItemPhoto
from echange.members import Reportable, Reported

_PAGE: Final = re.compile(r"/prets/([1-9][0-9]{0,8})(?:[-/].*)?")


class ReportableItem:
    """Something lent that was published; drafts are nobody's business."""

    kind = "item"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        found = _PAGE.fullmatch(path)
        return int(found[1]) if found else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        found = await whole(_published(Item.visible_to(viewer)).filter(id=thing_id)).first()
        return await _reported(found) if found else None

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        items = await whole(_published(Item.filter(id__in=list(ids))))
        return {item.id: await _reported(item) for item in items}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        item = await Item.get(id=thing_id)
        photos = await ItemPhoto.filter(item_id=item.id).order_by("position")
        return {
            "title": item.title,
            "text": "\n\n".join(part for part in (item.body, item.rules, item.manual) if part),
            "photos": [photo_url(item.id, photo.id, max(photo.widths)) for photo in photos],
        }

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await (await Item.get(id=thing_id)).hide(by=by)

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await (await Item.get(id=thing_id)).restore(by=by)


def _published(items: QuerySet[Item]) -> QuerySet[Item]:
    return items.filter(published_at__isnull=False)


async def _reported(item: Item) -> Reported:
    managers = frozenset(await managers_of(item.lender))
    return Reported(
        kind="item",
        id=item.id,
        title=item.title,
        url=item.url,
        excerpt=beginning_of(item.body),
        owner_id=item.lender.member_id or item.by_id,
        hidden=item.hidden_at is not None,
        involved=managers | ({item.by_id} if item.by_id else frozenset()),
    )


reportables: Final[tuple[Reportable, ...]] = (ReportableItem(),)
