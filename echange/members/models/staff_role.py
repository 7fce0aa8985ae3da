"""What somebody may do for the town."""

from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members.models.member import Member

CONCIERGE, MODERATOR, ORGANISER, ADMIN = "concierge", "moderator", "organiser", "admin"
ROLES: Final = (CONCIERGE, MODERATOR, ORGANISER, ADMIN)


class StaffRole(Model):
    """A role a member holds among the staff, and since when."""

    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="roles", on_delete=fields.CASCADE
    )
    role = fields.CharField(max_length=20)
    granted_at = fields.DatetimeField(auto_now_add=True)

    member_id: int

    class Meta:
        table = "staff_role"
        constraints = [
            UniqueConstraint(fields=("member_id", "role"), name="staff_role_once"),
            CheckConstraint(
                check="role IN ('concierge', 'moderator', 'organiser', 'admin')", name="staff_role_known"
            ),
        ]
