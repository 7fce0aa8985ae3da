"""A person of the town."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members.models.quartier import Quartier

STAFF_ROLES: Final = ("concierge", "moderator", "organiser", "admin")


class Member(Model):
    """A person with an account.

    `email` is kept as typed, compared in lower case, and unique among *confirmed* ones only:
    signing up with somebody's address neither fails nor tells that it is known.
    """

    id = fields.IntField(primary_key=True)
    handle = fields.CharField(max_length=40)
    name = fields.CharField(max_length=60)
    sort_key = fields.CharField(max_length=80)
    email = fields.CharField(max_length=254)
    confirmed_at = fields.DatetimeField(null=True)
    password_hash = fields.CharField(max_length=200)
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, on_delete=fields.RESTRICT, related_name="members", db_index=True
    )
    headline = fields.CharField(max_length=120, default="", db_default="")
    about = fields.TextField(default="", db_default="")
    languages = fields.CharField(max_length=120, default="", db_default="")
    locale = fields.CharField(max_length=2, default="fr", db_default="fr")
    created_at = fields.DatetimeField(auto_now_add=True)

    quartier_id: int | None

    class Meta:
        table = "member"
        indexes: ClassVar = [Index(fields=("sort_key", "id"), name="member_sort")]
        constraints = [
            UniqueConstraint(fields=("handle",), name="member_handle_once"),
            CheckConstraint(check="length(trim(name)) > 0", name="member_named"),
            CheckConstraint(check="locale IN ('fr', 'en')", name="member_locale_known"),
        ]


class StaffRole(Model):
    """A role a member holds among the staff, and since when."""

    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="roles", on_delete=fields.CASCADE
    )
    role = fields.CharField(max_length=20)
    granted_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "staff_role"
        constraints = [
            UniqueConstraint(fields=("member_id", "role"), name="staff_role_once"),
            CheckConstraint(
                check="role IN ('concierge', 'moderator', 'organiser', 'admin')", name="staff_role_known"
            ),
        ]
