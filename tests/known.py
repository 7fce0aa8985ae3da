"""What a test process needs to find out once only: each test starts everything anew, on the same tables."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import asyncpg
from tortoise.apps import Apps
from tortoise.models import Model

_build = Apps._build_initial_querysets
_built: set[frozenset[type[Model]]] = set()


def _build_once(self: Apps) -> None:
    models = frozenset(model for app in self.apps.values() for model in app.values())
    if models not in _built:
        _build(self)
        _built.add(models)


_introspect: Callable[..., Awaitable[Any]] = asyncpg.Connection._introspect_types
_introspected: dict[tuple[object, ...], Any] = {}


def remember(database: str) -> None:
    """Ask once for the types of this database, which are the same for all connections to it."""

    async def introspect_once(self: "asyncpg.Connection[Any]", oids: Collection[int], *patience: Any) -> Any:
        if self._params.database != database:
            return await _introspect(self, oids, *patience)
        asked = (self._addr, frozenset(oids))
        if asked not in _introspected:
            _introspected[asked] = await _introspect(self, oids, *patience)
        return _introspected[asked]

    asyncpg.Connection._introspect_types = introspect_once
    Apps._build_initial_querysets = _build_once  # type: ignore[method-assign]
