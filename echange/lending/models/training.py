"""What somebody must have been shown before they use a machine, and who was."""

from datetime import datetime
from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange import notifications
from echange.database import execute, fetch_value, in_transaction
from echange.http import NotFound, Refusal, Viewer
from echange.http.dates import now
from echange.i18n import mark
from echange.lending.models.lender import Lender
from echange.lending.training_notices import GIVEN, TAKEN_BACK
from echange.members import Member, OutOfScope, met_by

MOST: Final = 50


class TrainingClosed(Refusal):
    code: ClassVar[str] = "training_closed"
    sentence: ClassVar[str] = mark("Cette formation n’est plus donnée. Rouvrez-la d’abord.")


class TooManyTrainings(Refusal):
    code: ClassVar[str] = "too_many_trainings"
    sentence: ClassVar[str] = mark("Cinquante formations au plus. Fermez-en une qui ne sert plus.")


class Training(Model):
    """A training of a lender. Its name is public; who has it is known to the lender's people alone."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    words = fields.TextField(default="", db_default="")
    closed_at = fields.DatetimeField(null=True)
    lender: fields.ForeignKeyRelation[Lender] = fields.ForeignKeyField(
        "echange.Lender", related_name="trainings", on_delete=fields.CASCADE, db_index=True
    )

    lender_id: int

    class Meta:
        table = "training"
        constraints = [
            CheckConstraint(
                check="length(trim(name)) > 0",
                name="training_named",
            ),
        ]

    @classmethod
    async def define(cls, lender: Lender, *, by: Viewer, name: str, words: str = "") -> "Training":
        """One more of this lender. Raises NotAllowed, OutOfScope, TooManyTrainings."""
        await _check_in_own_name(by, lender)
        async with in_transaction():
            await fetch_value("SELECT id FROM lender WHERE id = $1 FOR NO KEY UPDATE", lender.id)
            if await cls.filter(lender_id=lender.id, closed_at=None).count() >= MOST:
                raise TooManyTrainings
            return await cls.create(lender_id=lender.id, name=name, words=words)

    async def rewrite(self, *, by: Viewer, name: str, words: str) -> None:
        """Tell it otherwise. Raises NotAllowed, OutOfScope."""
        await self._hold_to(by)
        self.name, self.words = name, words
        await self.save(update_fields=["name", "words"])

    async def close(self, *, by: Viewer) -> None:
        """Given no more; who has it keeps it, things still ask for it. Raises NotAllowed, OutOfScope."""
        await self._hold_to(by)
        await Training.filter(id=self.id, closed_at=None).update(closed_at=now())

    async def reopen(self, *, by: Viewer) -> None:
        """As it was. Raises NotAllowed, OutOfScope."""
        await self._hold_to(by)
        await Training.filter(id=self.id).update(closed_at=None)

    async def give(self, member_id: int, *, by: Viewer, until: datetime | None = None) -> "Trained":
        """Somebody has it, for good or until then; given again, only its end changes. They are told.

        Raises NotAllowed, OutOfScope, TrainingClosed, NotFound for whom one cannot meet.
        """
        await self._hold_to(by)
        if not await met_by(by).filter(id=member_id).exists():
            raise NotFound
        async with in_transaction():
            closed = await fetch_value("SELECT closed_at FROM training WHERE id = $1 FOR SHARE", self.id)
            if closed is not None:
                raise TrainingClosed
            fresh: bool = await fetch_value(
                """INSERT INTO trained (training_id, member_id, by_id, until) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (training_id, member_id) DO UPDATE SET until = excluded.until
                   RETURNING xmax = 0""",
                self.id,
                member_id,
                by.id,
                until,
            )
            if fresh and member_id != by.id:
                await self._tell(member_id, GIVEN)
            return await Trained.get(training_id=self.id, member_id=member_id)

    async def take_back(self, member_id: int, *, by: Viewer) -> None:
        """They have it no more, and are told; said twice, it counts once. Raises NotAllowed, OutOfScope."""
        await self._hold_to(by)
        async with in_transaction():
            gone = await execute(
                "DELETE FROM trained WHERE training_id = $1 AND member_id = $2", self.id, member_id
            )
            if gone and member_id != by.id:
                await self._tell(member_id, TAKEN_BACK)

    async def _tell(self, member_id: int, kind: str) -> None:
        await notifications.tell(member_id, kind, link="/moi/prets", training=self.name)

    async def _hold_to(self, by: Viewer) -> None:
        await _check_in_own_name(by, await Lender.get(id=self.lender_id))


class Trained(Model):
    """Somebody has a training, until `until` when it ends."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    until = fields.DatetimeField(null=True)
    training: fields.ForeignKeyRelation[Training] = fields.ForeignKeyField(
        "echange.Training", related_name="trained", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="trainings", on_delete=fields.CASCADE, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="traineds_by", on_delete=fields.SET_NULL, db_index=True
    )

    training_id: int
    member_id: int
    by_id: int | None

    class Meta:
        table = "trained"
        constraints = [
            UniqueConstraint(fields=("training_id", "member_id"), name="trained_once"),
        ]


async def _check_in_own_name(by: Viewer, lender: Lender) -> None:
    # It asks the models, which name this one.
    from echange.lending.managing import check_manages

    # Whom somebody teaches is between these two: no mandate covers it.
    if by.behalf is not None:
        raise OutOfScope
    await check_manages(by, lender)
