"""Words after an exchange; no stars."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import in_transaction
from echange.exchanges import refusals, sides
from echange.exchanges.life import other_side
from echange.exchanges.models.exchange import Exchange
from echange.http import Invalid, NotAllowed, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import gettext as _
from echange.members import Member, Unreachable, blocked_between, note_act, person_of

LONGEST: Final = 500


class Thanks(Model):
    """What `by` says to `member` after an exchange that is settled, once.

    It stands on the member's profile, until they remove it or a moderator hides it.
    """

    id = fields.IntField(primary_key=True)
    words = fields.CharField(max_length=500)
    at = fields.DatetimeField(auto_now_add=True)
    removed_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    exchange: fields.ForeignKeyRelation[Exchange] = fields.ForeignKeyField(
        "echange.Exchange", related_name="thanks_exchange", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="thanks_by", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="thanks_received", on_delete=fields.CASCADE
    )

    exchange_id: int
    by_id: int
    member_id: int

    class Meta:
        table = "thanks"
        indexes: ClassVar = [Index(fields=("member_id", "id"), name="thanks_member")]
        constraints = [
            UniqueConstraint(fields=("exchange_id", "by_id"), name="thanks_once"),
            CheckConstraint(
                check="length(trim(words)) > 0",
                name="thanks_say_something",
            ),
            CheckConstraint(
                check="by_id <> member_id",
                name="thanks_to_another",
            ),
        ]

    @classmethod
    async def give(cls, exchange: Exchange, *, by: Viewer, words: str) -> "Thanks":
        """Thank the other side; the same words again are found again.

        Raises NotNow before all is settled, AlreadyThanked, Unreachable where one avoids the other, Invalid,
        and what taking one's turn raises.
        """
        words = words.strip()
        if not 1 <= len(words) <= LONGEST:
            raise Invalid({"words": [_("Écrivez quelques mots, cinq cents signes au plus.")]})
        async with exchange.turn(by) as turn:
            exchange.check(turn, "thanks")
            mine = sides.member_at(exchange, turn.side)
            theirs = sides.member_at(exchange, other_side(turn.side))
            said = await cls.get_or_none(exchange_id=exchange.id, by_id=mine)
            if said is not None and said.words == words:
                return said
            if said is not None:
                raise refusals.AlreadyThanked
            if await blocked_between(mine, theirs) or await blocked_between(by.id, theirs):
                raise Unreachable
            with kept({"thanks_once": refusals.AlreadyThanked}):
                thanks = await cls.create(exchange_id=exchange.id, by_id=mine, member_id=theirs, words=words)
            await note_act(by, "thanked", ("exchange", exchange.id))
            await exchange.tell_other(turn, "thanks")
            return thanks

    async def remove(self, *, by: Viewer) -> None:
        """Take it off one's own profile. Raises NotAllowed."""
        await self._set(by, removed=True)

    async def put_back(self, *, by: Viewer) -> None:
        """Onto one's profile again. Raises NotAllowed."""
        await self._set(by, removed=False)

    async def _set(self, by: Viewer, *, removed: bool) -> None:
        if person_of(by, sides.SCOPE) != self.member_id:
            raise NotAllowed
        if removed == (self.removed_at is not None):
            return
        self.removed_at = now() if removed else None
        async with in_transaction():
            await self.save(update_fields=["removed_at"])
            await note_act(by, "thanks_removed" if removed else "thanks_put_back", ("thanks", self.id))
