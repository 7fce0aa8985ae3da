"""The columns of a help."""

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint

from echange.members import Member, Organisation, Quartier
from echange.mutual_aid.models.group import HelperGroup


class HelpRow(Model):
    """What is kept of a help. `minutes` is what one helper is expected to give, `taken` how many were found
    for an ask (kept by the database), `person` whose help it is, `by` who wrote it down, for them or as them.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=10)
    title = fields.CharField(max_length=120)
    body = fields.TextField(default="", db_default="")
    minutes = fields.IntField()
    people = fields.SmallIntField(default=1, db_default=1)
    taken = fields.SmallIntField(default=0, db_default=0)
    effort = fields.SmallIntField(default=1, db_default=1)
    access = fields.CharField(max_length=300, default="", db_default="")
    urgency = fields.CharField(max_length=10, default="calm", db_default="calm")
    when_text = fields.CharField(max_length=120, default="", db_default="")
    standing = fields.BooleanField(default=False, db_default=False)
    counted = fields.BooleanField(default=True, db_default=True)
    published_at = fields.DatetimeField(auto_now_add=True)
    vouched_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField(null=True)
    warned_at = fields.DatetimeField(null=True)
    widened_at = fields.DatetimeField(null=True)
    staff_told_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ending = fields.CharField(max_length=12, null=True)
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="helps_quartier", on_delete=fields.RESTRICT, db_index=True
    )
    person: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="helps_person", on_delete=fields.CASCADE, db_index=True
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="helps_by", on_delete=fields.CASCADE, db_index=True
    )
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        null=True,
        related_name="helps_organisation",
        on_delete=fields.SET_NULL,
        db_index=True,
    )
    group: fields.ForeignKeyNullableRelation[HelperGroup] = fields.ForeignKeyField(
        "echange.HelperGroup", null=True, related_name="helps_group", on_delete=fields.SET_NULL, db_index=True
    )

    quartier_id: int | None
    person_id: int
    by_id: int
    organisation_id: int | None
    group_id: int | None

    class Meta:
        abstract = True
        constraints = [
            CheckConstraint(check="effort BETWEEN 1 AND 3", name="help_effort_known"),
            CheckConstraint(check="(ended_at IS NULL) = (ending IS NULL)", name="help_ended_somehow"),
            CheckConstraint(check="ending IN ('done', 'cancelled', 'expired')", name="help_ending_known"),
            CheckConstraint(check="kind IN ('ask', 'offer')", name="help_kind_known"),
            CheckConstraint(check="minutes BETWEEN 5 AND 1440", name="help_minutes_possible"),
            CheckConstraint(check="people BETWEEN 1 AND 50", name="help_people_possible"),
            CheckConstraint(check="NOT standing OR kind = 'offer'", name="help_standing_offers"),
            CheckConstraint(check="length(trim(title)) > 0", name="help_titled"),
            CheckConstraint(check="urgency IN ('today', 'week', 'calm')", name="help_urgency_known"),
        ]
