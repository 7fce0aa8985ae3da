"""Associations and their people."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members.models.member import Member
from echange.members.models.quartier import Quartier


class Organisation(Model):
    """An association, a professional or a service of the town.

    `rna` is an association's national number, W and nine digits; `siret` fourteen digits with a Luhn key.
    Anybody may claim a number; only a verified organisation keeps it for itself.
    """

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=80)
    name = fields.CharField(max_length=120)
    sort_key = fields.CharField(max_length=140)
    kind = fields.CharField(max_length=20, default="association", db_default="association")
    rna = fields.CharField(max_length=10, null=True)
    siret = fields.CharField(max_length=14, null=True)
    headline = fields.CharField(max_length=120, default="", db_default="")
    about = fields.TextField(default="", db_default="")
    website = fields.CharField(max_length=200, default="", db_default="")
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="organisations", on_delete=fields.RESTRICT, db_index=True
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    verified_at = fields.DatetimeField(null=True)
    verified_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="verified_organisations",
        on_delete=fields.SET_NULL,
        db_index=True,
    )
    hidden_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    quartier_id: int | None
    verified_by_id: int | None

    class Meta:
        table = "organisation"
        indexes: ClassVar = [Index(fields=("sort_key", "id"), name="organisation_sort")]
        constraints = [
            UniqueConstraint(fields=("slug",), name="organisation_slug_once"),
            CheckConstraint(check="rna ~ '^W[0-9]{9}$'", name="organisation_rna_shape"),
            CheckConstraint(check="siret ~ '^[0-9]{14}$'", name="organisation_siret_shape"),
            CheckConstraint(
                check="kind IN ('association', 'professional', 'municipal')", name="organisation_kind_known"
            ),
            CheckConstraint(
                check="rna IS NULL OR kind = 'association'", name="organisation_rna_of_associations"
            ),
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

    member_id: int
    organisation_id: int

    class Meta:
        table = "membership"
        constraints = [
            UniqueConstraint(fields=("organisation_id", "member_id"), name="membership_once"),
            CheckConstraint(check="role IN ('owner', 'manager', 'member')", name="membership_role_known"),
        ]


class Invitation(Model):
    """Somebody is asked by mail to join an organisation; single use, gone past `expires_at`."""

    id = fields.IntField(primary_key=True)
    email = fields.CharField(max_length=254)
    role = fields.CharField(max_length=20)
    key_hash = fields.BinaryField()
    at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="invitations", on_delete=fields.CASCADE, db_index=True
    )
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation", related_name="invitations", on_delete=fields.CASCADE, db_index=True
    )

    by_id: int
    organisation_id: int

    class Meta:
        table = "invitation"
        constraints = [
            UniqueConstraint(fields=("key_hash",), name="invitation_key_once"),
            CheckConstraint(check="role IN ('owner', 'manager', 'member')", name="invitation_role_known"),
        ]
