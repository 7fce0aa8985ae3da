"""Notices as they come, to the pages that are open: nothing is lost when nobody hears it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import orjson

from echange import live
from echange.i18n import speaking
from echange.live import Frame
from echange.notifications.kinds import Kinds

_open: Final[set["Herald"]] = set()


class Herald:
    """Knows the sentences of a running application."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds

    @contextmanager
    def running(self) -> Iterator[None]:
        """Told of what is told, for the time of the block."""
        _open.add(self)
        try:
            yield
        finally:
            _open.discard(self)

    def frame(self, notice_id: int, kind: str, link: str, data: Mapping[str, Any], locale: str) -> Frame:
        """What sockets hear of a notice, in its reader's language."""
        with speaking(locale):
            title = self._kinds[kind].sentence(data)
        told = {"type": "notice", "id": notice_id, "title": title, "link": link}
        return Frame(orjson.dumps(told).decode())


def proclaim(
    member_id: int, notice_id: int, kind: str, link: str, data: Mapping[str, Any], locale: str
) -> None:
    """A notice that is committed now, to its member's sockets in every process."""
    for herald in _open:
        live.tell([member_id], herald.frame(notice_id, kind, link, data, locale))
