"""What moderators decide, and what whom it concerns answers."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from echange.http import NotFound, Viewer
from echange.http.dates import now
from echange.members import Member
from echange.moderation.refusals import AlreadyReplied

# Those that may be answered: what follows an answer is final here.
ANSWERABLE: Final = ("hide", "warn")


class Decision(Model):
    """What a moderator did about a thing, why, and what whom it concerns had to say.

    hide: nobody sees it any more. warn: it stays, its owner is told. dismiss: nothing wrong. After an
    answer: restore takes the decision back, confirm upholds it.
    """

    id = fields.IntField(primary_key=True)
    about_kind = fields.CharField(max_length=20)
    about_id = fields.IntField()
    act = fields.CharField(max_length=20)
    reason = fields.TextField()
    at = fields.DatetimeField(auto_now_add=True)
    reply = fields.TextField(default="", db_default="")
    replied_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="decisions", on_delete=fields.RESTRICT, db_index=True
    )
    concerns: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="decisions_borne", on_delete=fields.SET_NULL, db_index=True
    )

    by_id: int
    concerns_id: int | None

    class Meta:
        table = "decision"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id", "id"), name="decision_about")]
        constraints = [
            CheckConstraint(
                check="act IN ('hide', 'warn', 'dismiss', 'restore', 'confirm')", name="decision_act_known"
            ),
            CheckConstraint(check="length(trim(reason)) > 0", name="decision_has_a_reason"),
        ]

    @classmethod
    def told_to(cls, viewer: Viewer) -> QuerySet["Decision"]:
        """Those that concern the viewer; moderators read all. Who reported is not told of them here."""
        told = Q(concerns_id=viewer.id, act__in=(*ANSWERABLE, "restore", "confirm"))
        if viewer.roles & {"moderator", "admin"}:
            return cls.all()
        return cls.filter(told)

    @classmethod
    async def last_about(cls, kind: str, thing_id: int) -> "Decision | None":
        """The last word about a thing."""
        return await cls.filter(about_kind=kind, about_id=thing_id).order_by("-id").first()

    @property
    def is_contested(self) -> bool:
        """Whether an answer waits to be read; only the last decision about a thing counts."""
        return self.replied_at is not None

    async def can_be_answered_by(self, viewer: Viewer) -> bool:
        """Once, by whom it concerns, while it is the last word."""
        if self.concerns_id != viewer.id or self.act not in ANSWERABLE or self.replied_at:
            return False
        return not await Decision.filter(
            about_kind=self.about_kind, about_id=self.about_id, id__gt=self.id
        ).exists()

    async def answer(self, *, by: Viewer, text: str) -> None:
        """What whom it concerns has to say: the matter comes back before the moderators.

        Raises NotFound, AlreadyReplied.
        """
        if self.concerns_id != by.id:
            raise NotFound
        unanswered = Decision.filter(id=self.id, replied_at=None)
        if not await self.can_be_answered_by(by) or not await unanswered.update(reply=text, replied_at=now()):
            raise AlreadyReplied
