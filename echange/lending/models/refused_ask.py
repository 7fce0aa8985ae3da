"""Somebody who asked for a thing when none was left."""

from datetime import timedelta
from typing import Any, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

from echange.database import execute
from echange.http.dates import today
from echange.lending.models.item import Item
from echange.lending.wishing import Wish
from echange.members import Member

# As long as a year's figures are looked at; then nobody needs to know who asked.
KEPT: Final = timedelta(days=400)
# Whoever tries one window after the other lacks the thing no more than that.
MOST_A_DAY: Final = 10


class RefusedAsk(Model):
    """Counted for whoever lends it: on which `day` for which window, once however often it was tried."""

    id = fields.BigIntField(primary_key=True)
    day = fields.DateField()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="refused_asks", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="refused_asks", on_delete=fields.CASCADE
    )

    item_id: int
    member_id: int

    class Meta:
        table = "refused_ask"
        indexes = (Index(fields=("member_id",), name="refused_ask_member"),)
        constraints = (
            UniqueConstraint(
                fields=("item_id", "day", "member_id", "starts_at", "ends_at"), name="refused_ask_once"
            ),
        )

    @classmethod
    async def note(cls, wish: Wish, person_id: int) -> None:
        """None was left for this wish of theirs; after ten a day nothing more is written down.

        Nor where the thing, or who asked, goes away in this moment.
        """
        await execute(
            """INSERT INTO refused_ask (item_id, member_id, day, starts_at, ends_at)
               SELECT i.id, m.id, $3, $4, $5 FROM item i CROSS JOIN member m
               WHERE i.id = $1 AND m.id = $2 AND $6 > (
                   SELECT count(*) FROM refused_ask WHERE item_id = $1 AND day = $3 AND member_id = $2)
               FOR KEY SHARE OF i, m
               ON CONFLICT ON CONSTRAINT refused_ask_once DO NOTHING""",
            wish.item.id,
            person_id,
            today(),
            wish.period.start,
            wish.period.end,
            MOST_A_DAY,
        )


async def forget_old_refusals(_: dict[str, Any] | None = None) -> None:
    """Who was refused more than `KEPT` ago is known no more."""
    await execute("DELETE FROM refused_ask WHERE day < $1", today() - KEPT)
