"""Which test comes when, and with which others: a few processes share them out and are done together."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# What takes longest, and waits most while it does: never at the end, where everybody would wait for it.
FIRST: Final = ("starting", "between_processes", "house", "journeys", "doorbell", "database")
# These share servers or a town that takes seconds to start: whoever has the first does them all.
TOGETHER: Final = ("tests/chat/between_processes/", "tests/house/test_every_page.py")
# Each of these takes as long as another file.
ALONE: Final = ("tests/journeys/", "tests/house/")


def put_in_turn(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _turn(item.path.parts))


def _turn(folders: Sequence[str]) -> int:
    return next((turn for turn, folder in enumerate(FIRST) if folder in folders), len(FIRST))


class InTurn(LoadScopeScheduling):  # type: ignore[misc]
    """Deals out tests that share something in one hand, in the order they have, to whoever is free."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        together = next((those for those in TOGETHER if nodeid.startswith(those)), None)
        alone = nodeid if nodeid.startswith(ALONE) else nodeid.split("::", 1)[0]
        return together or alone
