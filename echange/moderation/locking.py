"""One thing, one hand: reports and decisions about it wait for each other."""

from echange.database import fetch_value


async def hold(kind: str, thing_id: int) -> None:
    """Until the transaction ends nobody else reports this thing nor decides about it.

    The thing itself may lie in any room, or be gone: hence a lock of its own (PostgreSQL, advisory).
    """
    await fetch_value("SELECT pg_advisory_xact_lock(hashtext('moderation ' || $1), $2)", kind, thing_id)
