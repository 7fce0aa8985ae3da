"""Units that were withdrawn, and are lent again."""

from echange.database import execute
from echange.http.refusals import NotFound


async def restore(unit_id: int) -> None:
    """Lend a unit again: found, repaired after all; in use already, nothing changes. Raises NotFound."""
    if not await execute("UPDATE booking_unit SET retired_at = NULL WHERE id = $1", unit_id):
        raise NotFound
