"""What is kept of an annonce, column by column, and what the database checks of it."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.ads.models.closure import Closure
from echange.ads.models.photo import AdPhoto
from echange.members import Member, Organisation, Quartier


class AdRow(Model):
    """The columns of an annonce; its verbs stand in `Ad`.

    Kept by the database, whoever writes: `search` (only ever asked), `has_photo`, `reserved`, `owner_away`,
    and `listed`, whether it stands in lists: published, not closed, expired, held back nor hidden, its owner
    not away. `vouched_at` is when its owner last said that it still holds. Weights are grams, prices cents.
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
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation", null=True, related_name="ads", on_delete=fields.RESTRICT, db_index=True
    )
    condition = fields.CharField(max_length=10, default="", db_default="")
    terms = fields.CharField(max_length=10, default="", db_default="")
    when_text = fields.CharField(max_length=100, default="", db_default="")
    price_cents = fields.IntField(null=True)
    weight_grams = fields.IntField(null=True)
    lend_days = fields.SmallIntField(null=True)
    happened_on = fields.DateField(null=True)
    noindex = fields.BooleanField(default=False, db_default=False)
    fair = fields.BooleanField(default=False, db_default=False)
    standing = fields.BooleanField(default=False, db_default=False)
    vouched_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    warned_at = fields.DatetimeField(null=True)
    expired_at = fields.DatetimeField(null=True)
    held_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    reserved = fields.BooleanField(default=False, db_default=False)
    has_photo = fields.BooleanField(default=False, db_default=False)
    owner_away = fields.BooleanField(default=False, db_default=False)
    listed = fields.BooleanField(generated=True)
    queue_seed = fields.CharField(max_length=64, null=True)
    queue_opens_at = fields.DatetimeField(null=True)
    queue_opened_at = fields.DatetimeField(null=True)
    queue_told_at = fields.DatetimeField(null=True)

    owner_id: int | None
    organisation_id: int | None
    quartier_id: int | None
    photos: fields.ReverseRelation[AdPhoto]
    closure: fields.OneToOneNullableRelation[Closure]

    class Meta:
        abstract = True
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
            CheckConstraint(
                check="condition IN ('', 'new', 'good', 'worn', 'repair')", name="ad_condition_known"
            ),
            CheckConstraint(check="terms IN ('', 'free', 'hours', 'quote')", name="ad_terms_known"),
            CheckConstraint(check="price_cents BETWEEN 0 AND 100000000", name="ad_price_possible"),
            CheckConstraint(check="weight_grams BETWEEN 1 AND 2000000", name="ad_weight_possible"),
            CheckConstraint(check="lend_days BETWEEN 1 AND 365", name="ad_lend_days_possible"),
            CheckConstraint(
                check="NOT standing OR (expires_at IS NULL AND expired_at IS NULL)",
                name="ad_standing_never_expires",
            ),
            CheckConstraint(check="NOT fair OR kind = 'give'", name="ad_fair_when_given"),
            CheckConstraint(check="NOT fair OR queue_seed IS NOT NULL", name="ad_queue_has_its_seed"),
        ]
