"""What acts under a mandate were about, in this room: a help, a group of helpers."""

from collections.abc import Collection
from typing import Final

from echange.http import Viewer
from echange.members import ActSubject
from echange.mutual_aid.models import Help, HelperGroup


async def _helps(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    seen = await Help.visible_to(viewer).filter(id__in=list(ids))
    return {aid.id: (aid.title, aid.url) for aid in seen}


async def _groups(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    seen = await HelperGroup.visible_to(viewer).filter(id__in=list(ids)).select_related("organisation")
    return {one.id: (one.name, f"/associations/{one.organisation.slug}/benevoles/{one.id}") for one in seen}


subjects: Final = (ActSubject("help", _helps), ActSubject("helper_group", _groups))
