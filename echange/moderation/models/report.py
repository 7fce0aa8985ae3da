"""Somebody reports a thing."""

from typing import Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import fetch_value, in_transaction
from echange.http import Viewer
from echange.i18n import current_locale
from echange.members import Member, Reportable, Reported
from echange.moderation import letters
from echange.moderation.links import Links, hash_of
from echange.moderation.locking import hold
from echange.moderation.models.decision import Decision
from echange.moderation.refusals import OwnThing


class Report(Model):
    """Somebody, signed in or not, reports a thing. `evidence` is what it said at that moment.

    Open until a decision covers it. `receipt_hash` is SHA-256 of the key with which its author follows it.
    """

    id = fields.IntField(primary_key=True)
    about_kind = fields.CharField(max_length=20)
    about_id = fields.IntField()
    reason = fields.CharField(max_length=20)
    text = fields.TextField(default="", db_default="")
    email = fields.CharField(max_length=254, default="", db_default="")
    locale = fields.CharField(max_length=2, default="fr", db_default="fr")
    receipt_hash = fields.BinaryField()
    evidence: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    decision: fields.ForeignKeyNullableRelation[Decision] = fields.ForeignKeyField(
        "echange.Decision", null=True, related_name="reports", on_delete=fields.RESTRICT, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="reports", on_delete=fields.SET_NULL, db_index=True
    )

    decision_id: int | None
    by_id: int | None

    class Meta:
        table = "report"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id", "id"), name="report_about")]
        constraints = [
            UniqueConstraint(fields=("receipt_hash",), name="report_receipt_once"),
            CheckConstraint(
                check="reason IN ('scam', 'illegal', 'hateful', 'danger', 'harassment', 'private', 'spam',"
                " 'wrong_place', 'other')",
                name="report_reason_known",
            ),
        ]

    @classmethod
    async def file(
        cls,
        thing: Reported,
        reportable: Reportable,
        *,
        by: Viewer | None,
        reason: str,
        text: str,
        email: str,
        links: Links,
    ) -> "Report":
        """A report with its evidence, and its receipt by mail where there is an address. Raises OwnThing.

        The same person about the same thing, while nothing is decided, finds their first report again.
        """
        if by is not None and by.id == thing.owner_id:
            raise OwnThing
        async with in_transaction():
            await hold(thing.kind, thing.id)
            if again := await cls._open_one(thing, by, reason, text, email):
                return again
            report_id: int = await fetch_value("SELECT nextval('report_id_seq')")
            report = await cls.create(
                id=report_id,
                about_kind=thing.kind,
                about_id=thing.id,
                reason=reason,
                text=text,
                email="" if by else email,
                locale=by.locale if by else current_locale.get(),
                receipt_hash=hash_of(links.key(report_id)),
                evidence={**await reportable.evidence(thing.id), "against": thing.owner_id},
                by_id=by.id if by else None,
            )
            if address := await report.address():
                await letters.send_receipt(
                    address,
                    report.locale,
                    report_id=report.id,
                    kind=thing.kind,
                    title=thing.title,
                    links=links,
                )
            return report

    @classmethod
    async def _open_one(
        cls, thing: Reported, by: Viewer | None, reason: str, text: str, email: str
    ) -> "Report | None":
        still_open = cls.filter(about_kind=thing.kind, about_id=thing.id, decision_id=None)
        if by is not None:
            return await still_open.filter(by_id=by.id).first()
        # Without an account nobody is known: only what says nothing new is the same report.
        return await still_open.filter(by_id=None, reason=reason, text=text, email=email).first()

    async def address(self) -> str | None:
        """Where its author hears of it by mail, if anywhere."""
        if self.by_id is None:
            return self.email or None
        author = await Member.get(id=self.by_id)
        return author.email if author.confirmed_at and not author.left_at else None
