"""Annonces: what neighbours give, seek, lend, lose and find."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.chat import Conversation
from echange.members import Member, Quartier

KINDS: Final = (
    "give", "sell", "swap", "lend", "seek", "service_offered", "service_sought", "lost", "found",
)  # fmt: skip
OUTCOMES: Final = ("given", "sold", "found", "done", "withdrawn")


class Ad(Model):
    """An annonce. A draft has no `published_at`; somebody signed out holds theirs by `draft_hash` alone.

    `search` is kept by the database (French stems, accents folded) and only ever asked, never read.
    """

    id = fields.IntField(primary_key=True)
    owner: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="ads", on_delete=fields.RESTRICT
    )
    draft_hash: bytes | None = fields.BinaryField(null=True)
    kind = fields.CharField(max_length=20)
    title = fields.CharField(max_length=80)
    body = fields.TextField(default="", db_default="")
    category = fields.CharField(max_length=30, default="", db_default="")
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="ads", on_delete=fields.RESTRICT, db_index=True
    )
    price_text = fields.CharField(max_length=60, default="", db_default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    edited_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    owner_id: int | None
    quartier_id: int | None

    class Meta:
        table = "ad"
        indexes: ClassVar = [Index(fields=("owner_id", "created_at", "id"), name="ad_of_owner")]
        constraints = [
            CheckConstraint(
                check="kind IN ('give', 'sell', 'swap', 'lend', 'seek', 'service_offered', 'service_sought',"
                " 'lost', 'found')",
                name="ad_kind_known",
            ),
            CheckConstraint(check="length(trim(title)) > 0", name="ad_titled"),
            CheckConstraint(
                check="published_at IS NULL OR (owner_id IS NOT NULL AND quartier_id IS NOT NULL)",
                name="ad_published_by_someone_somewhere",
            ),
            CheckConstraint(
                check="(owner_id IS NULL) = (draft_hash IS NOT NULL)", name="ad_draft_held_by_somebody"
            ),
            CheckConstraint(
                check="closed_at IS NULL OR published_at IS NOT NULL", name="ad_closed_after_publication"
            ),
        ]


class AdPhoto(Model):
    """A photo of an annonce; its files are named by `name`, one for each of `widths` (pixels)."""

    id = fields.IntField(primary_key=True)
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="photos", on_delete=fields.CASCADE
    )
    name = fields.CharField(max_length=40)
    position = fields.SmallIntField()
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()  # type: ignore[assignment]
    alt = fields.CharField(max_length=200, default="", db_default="")

    ad_id: int

    class Meta:
        table = "ad_photo"
        constraints = [
            UniqueConstraint(fields=("name",), name="ad_photo_name_once"),
            UniqueConstraint(fields=("ad_id", "position"), name="ad_photo_position_once"),
        ]


class Closure(Model):
    """The end of an annonce: who closed it, when, and how it went."""

    id = fields.IntField(primary_key=True)
    ad: fields.OneToOneRelation[Ad] = fields.OneToOneField(
        "echange.Ad", related_name="closure", on_delete=fields.CASCADE
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="closures", on_delete=fields.RESTRICT, db_index=True
    )
    outcome = fields.CharField(max_length=20)
    at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "closure"
        constraints = [
            CheckConstraint(
                check="outcome IN ('given', 'sold', 'found', 'done', 'withdrawn')",
                name="closure_outcome_known",
            )
        ]


class Answer(Model):
    """A neighbour answered an annonce; they write to its owner in `conversation`."""

    id = fields.IntField(primary_key=True)
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="answers", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="answers", on_delete=fields.CASCADE, db_index=True
    )
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation", related_name="answers", on_delete=fields.RESTRICT, db_index=True
    )
    at = fields.DatetimeField(auto_now_add=True)

    ad_id: int
    member_id: int
    conversation_id: int

    class Meta:
        table = "answer"
        constraints = [UniqueConstraint(fields=("ad_id", "member_id"), name="answer_once")]
