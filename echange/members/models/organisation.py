"""Associations and their people."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members.models.member import Member
from echange.members.models.quartier import Quartier


class Organisation(Model):
    """An association of the town; `rna` is its national number, W and nine digits."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=80)
    name = fields.CharField(max_length=120)
    sort_key = fields.CharField(max_length=140)
    rna = fields.CharField(max_length=10, null=True)
    about = fields.TextField(default="", db_default="")
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="organisations", on_delete=fields.RESTRICT, db_index=True
    )
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "organisation"
        indexes: ClassVar = [Index(fields=("sort_key", "id"), name="organisation_sort")]
        constraints = [
            UniqueConstraint(fields=("slug",), name="organisation_slug_once"),
            CheckConstraint(check="rna ~ '^W[0-9]{9}$'", name="organisation_rna_shape"),
        ]


class Membership(Model):
    """What a member is in an organisation."""

    id = fields.IntField(primary_key=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation", related_name="memberships", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="memberships", on_delete=fields.CASCADE, db_index=True
    )
    role = fields.CharField(max_length=20)

    class Meta:
        table = "membership"
        constraints = [
            UniqueConstraint(fields=("organisation_id", "member_id"), name="membership_once"),
            CheckConstraint(check="role IN ('owner', 'manager', 'member')", name="membership_role_known"),
        ]
