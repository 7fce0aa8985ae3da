"""What became free goes to whoever waited for it first: held for them until they take it, or the next may."""

from collections.abc import Collection

from echange import chat
from echange.database import fetch, in_transaction
from echange.http import Refusal
from echange.http.dates import now
from echange.lending import limits
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.models.waiter import STANDING, Waiter, offered_until
from echange.lending.seeing import LENDER_THERE
from echange.lending.wishing import Wish
from echange.notifications import tell

# Things whose units are the same: itself, the kits it is in, and what is in those or beside it.
_ALIKE = """
    WITH models AS (
        SELECT model_id FROM item WHERE id = ANY($1::int[]) AND model_id IS NOT NULL
        UNION SELECT i.model_id FROM kit_part p JOIN item i ON i.id = p.item_id
              WHERE p.kit_id = ANY($1::int[]))
    SELECT i.id FROM item i WHERE i.model_id IN (SELECT model_id FROM models)
        OR EXISTS (SELECT FROM kit_part p JOIN item c ON c.id = p.item_id
                   WHERE p.kit_id = i.id AND c.model_id IN (SELECT model_id FROM models))"""
_LINE = f"""
    SELECT id FROM waiter WHERE item_id IN (SELECT id FROM item WHERE id = ANY($1::int[])
                AND published_at IS NOT NULL AND withdrawn_at IS NULL AND hidden_at IS NULL
                AND {LENDER_THERE})
        AND ended_at IS NULL AND offered_at IS NULL AND starts_at > $2
    ORDER BY at, id FOR NO KEY UPDATE SKIP LOCKED LIMIT 200"""  # noqa: S608 — constants


async def offer(item_ids: Collection[int]) -> int:
    """Hold what is free of these for the first in line whom it fits, in the caller's transaction; how many
    offers were made. Who is not before, but whose window is free, need not wait for those whose is not.
    """
    alike = [row["id"] for row in await fetch(_ALIKE, list(item_ids))]
    waiting = [row["id"] for row in await fetch(_LINE, alike, now())] if alike else []
    made = 0
    for waiter_id in waiting:
        made += await _offered(await Waiter.get(id=waiter_id).select_related("item__lender"))
    return made


async def _offered(waiter: Waiter) -> bool:
    item: Item = waiter.item
    wish = Wish(item, waiter.period, waiter.quantity)
    until = offered_until(waiter.starts_at)
    try:
        async with in_transaction():
            await limits.check_person(item, waiter.member_id, waiter.period)
            if item.lender.member_id is not None:
                await chat.check_reach(waiter.member_id, item.lender.member_id)
            loan = await Loan.hold_for(wish, waiter.member_id, until=until)
    except Refusal:
        return False
    await Waiter.filter(id=waiter.id, **STANDING).update(offered_at=now(), offer_until=until, loan_id=loan.id)
    await tell(
        waiter.member_id,
        "loan_offered",
        link=loan.url,
        title=item.title,
        start=waiter.starts_at.isoformat(),
        until=until.isoformat(),
    )
    return True


async def back_in_line(loan_id: int) -> None:
    """The loan held for them had to give way, through no doing of theirs: they stand where they stood."""
    await Waiter.filter(loan_id=loan_id).update(
        ended_at=None, ending=None, offered_at=None, offer_until=None, loan_id=None
    )
