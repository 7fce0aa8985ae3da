"""Somebody who waits for a thing that is taken."""

from datetime import datetime, timedelta
from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint

from echange import booking
from echange.booking import NotFree, Period
from echange.database import fetch_value, in_transaction
from echange.http import Invalid, Viewer
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.lending import asking, limits, loan_refusals
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.seeing import actor
from echange.lending.waiting_refusals import FreeNow, TooManyWaits
from echange.lending.wishing import Wish, wanted_of
from echange.members import Member, note_act

MOST_WAITS: Final = 20
OFFERED: Final = timedelta(hours=24)
BEFORE_START: Final = timedelta(hours=2)
# In line: neither over nor offered to just now.
STANDING: Final = {"ended_at": None, "offered_at": None}


class Waiter(Model):
    """A member in line for a thing, in the order of `at`, for a window and so many of them.

    An offer is a loan held for them until `offer_until`; what becomes of it ends their waiting (by the
    database): taken, lapsed, left. `over` once the window has begun.
    """

    id = fields.IntField(primary_key=True)
    quantity = fields.SmallIntField(default=1, db_default=1)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    at = fields.DatetimeField(auto_now_add=True)
    offered_at = fields.DatetimeField(null=True)
    offer_until = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ending = fields.CharField(max_length=10, null=True)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="waiters", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="waiters", on_delete=fields.CASCADE, db_index=True
    )
    loan: fields.ForeignKeyNullableRelation[Loan] = fields.ForeignKeyField(
        "echange.Loan", null=True, related_name="waiters", on_delete=fields.SET_NULL, db_index=True
    )

    item_id: int
    member_id: int
    loan_id: int | None

    class Meta:
        table = "waiter"
        constraints = [
            CheckConstraint(
                check="(ended_at IS NULL) = (ending IS NULL)",
                name="waiter_ended_somehow",
            ),
            CheckConstraint(
                check="ending IN ('taken', 'lapsed', 'left', 'over')",
                name="waiter_ending_known",
            ),
            CheckConstraint(
                check="ends_at > starts_at",
                name="waiter_lasts",
            ),
            CheckConstraint(
                check="(offered_at IS NULL) = (offer_until IS NULL)",
                name="waiter_offered_for_a_while",
            ),
            CheckConstraint(
                check="quantity BETWEEN 1 AND 1000",
                name="waiter_quantity_counts",
            ),
        ]

    @classmethod
    async def join(cls, item: Item, *, by: Viewer, period: Period, quantity: int = 1) -> "Waiter":
        """Stand in line for a window in which it is taken; said twice, one's place is kept.

        Raises FreeNow, TooManyWaits, NotForLoan, Invalid, what `limits` says of the person, and of the rules.
        """
        me = actor(by)
        if quantity < 1:
            raise Invalid({"quantity": [_("Ce nombre est hors des limites.")]})
        async with in_transaction():
            await asking.lock_asker(me)
            known = await cls.get_or_none(
                item_id=item.id, member_id=me, starts_at=period.start, ended_at=None
            )
            if known is not None:
                return known
            if await cls.filter(member_id=me, ended_at=None).count() >= MOST_WAITS:
                raise TooManyWaits(limit=MOST_WAITS)
            await _check(Wish(item, period, quantity), me)
            it = await cls.create(
                item_id=item.id, member_id=me, starts_at=period.start, ends_at=period.end, quantity=quantity
            )
            await note_act(by, "loan_waited", ("item", item.id))
            return it

    async def leave(self, *, by: Viewer) -> None:
        """Wait no more; what is held for them is given up. Said twice, it counts once."""
        me = actor(by)
        left = await Waiter.filter(id=self.id, member_id=me, **STANDING).update(ended_at=now(), ending="left")
        if left:
            return
        await self.refresh_from_db()
        if self.ended_at is None and self.loan_id is not None:
            await (await Loan.get(id=self.loan_id)).cancel(by=by)

    async def place(self) -> int:
        """How many stand before them for a time that touches theirs, and one: « 2e »."""
        place: int = await fetch_value(
            """SELECT count(*) + 1 FROM waiter WHERE item_id = $1 AND ended_at IS NULL
                   AND (at, id) < ($2, $3) AND starts_at < $5 AND ends_at > $4""",
            self.item_id,
            self.at,
            self.id,
            self.starts_at,
            self.ends_at,
        )
        return place

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def is_offered(self) -> bool:
        return self.ended_at is None and self.offer_until is not None and self.offer_until > now()


def offered_until(start: datetime) -> datetime:
    """How long it is kept: a day, less when it begins before long, but half of what is left at least."""
    moment = now()
    soon = max(start - BEFORE_START, moment + (start - moment) / 2)
    return min(moment + OFFERED, soon)


async def _check(wish: Wish, me: int) -> None:
    if wish.item.state != "published":
        raise loan_refusals.NotForLoan(title=wish.item.title)
    await limits.check_person(wish.item, me, wish.period)
    limits.check_quantity(wish.item, wish.quantity)
    wanted = await wanted_of(wish.item, wish.quantity)
    refusal = await booking.can_take(wanted, wish.period) if wanted else loan_refusals.NotForLoan(title="")
    if refusal is None:
        raise FreeNow
    if not isinstance(refusal, NotFree):
        raise refusal
