"""Who is what in an organisation, and how that changes."""

from typing import TYPE_CHECKING, Any, Final

from tortoise import Model, fields
from tortoise.exceptions import DoesNotExist
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange import notifications
from echange.database import execute, in_transaction
from echange.http import NotAllowed, NotFound, Refusal, Viewer
from echange.http.promises import kept
from echange.i18n import mark
from echange.members.models.member import Member
from echange.members.models.trust import StaffAct

if TYPE_CHECKING:
    from echange.members.models.organisation import Organisation

OWNER, MANAGER, MEMBER = "owner", "manager", "member"
ROLES: Final = (OWNER, MANAGER, MEMBER)
SPEAKERS: Final = (OWNER, MANAGER)
"""Who may act in the organisation's name; members only belong to it."""


class LastOwner(Refusal):
    code = "last_owner"
    sentence = mark(
        "Il faut toujours un responsable. Nommez-en d’abord un autre, ou fermez la page de l’organisation."
    )


class Membership(Model):
    """What a member is in an organisation. `shown`: whether its page names them to strangers."""

    id = fields.IntField(primary_key=True)
    organisation: fields.ForeignKeyRelation["Organisation"] = fields.ForeignKeyField(
        "echange.Organisation", related_name="memberships", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="memberships", on_delete=fields.CASCADE, db_index=True
    )
    role = fields.CharField(max_length=20)
    shown = fields.BooleanField(default=True, db_default=True)

    member_id: int
    organisation_id: int

    class Meta:
        table = "membership"
        constraints = [
            UniqueConstraint(fields=("organisation_id", "member_id"), name="membership_once"),
            CheckConstraint(check="role IN ('owner', 'manager', 'member')", name="membership_role_known"),
        ]

    @classmethod
    async def of(cls, organisation_id: int, member_id: int) -> "Membership":
        """This member's part in this organisation; raises NotFound."""
        part = await cls.get_or_none(organisation_id=organisation_id, member_id=member_id).select_related(
            "organisation", "member"
        )
        if part is None:
            raise NotFound
        return part

    @classmethod
    async def is_owner(cls, organisation_id: int, viewer: Viewer) -> bool:
        """Whether this viewer decides for the organisation."""
        return await cls.exists(organisation_id=organisation_id, member_id=viewer.id, role=OWNER)

    async def become(self, role: str, *, by: Viewer) -> None:
        """Another role, given by an owner; the person is told. Raises NotAllowed, NotFound, LastOwner."""
        with kept({"organisation_keeps_an_owner": LastOwner}):
            async with in_transaction():
                await self._hold(by)
                if self.role == role:
                    return
                self.role = role
                await self.save(update_fields=["role"])
                await self._lose_powers(role)
                await self._tell(by, "organisation_role", role=role)

    async def end(self, *, by: Viewer) -> None:
        """Leave, or be removed by an owner and told. Raises NotAllowed, NotFound, LastOwner."""
        with kept({"organisation_keeps_an_owner": LastOwner}):
            async with in_transaction():
                await self._hold(by, leaves=by.id == self.member_id)
                await self.delete()
                await self._lose_powers(None)
                await self._tell(by, "organisation_removed")

    async def show(self, shown: bool) -> None:
        """Be named on the organisation's page, or not; owners and managers, who speak for it, always are."""
        self.shown = shown
        await self.save(update_fields=["shown"])

    async def _hold(self, by: Viewer, *, leaves: bool = False) -> None:
        """Lock the organisation, look again, and ask whether `by` may; whoever leaves needs nobody's yes."""
        await execute("SELECT FROM organisation WHERE id = $1 FOR NO KEY UPDATE", self.organisation_id)
        try:
            await self.refresh_from_db(fields=["role"])
        except DoesNotExist as gone:
            raise NotFound from gone
        if not leaves and not await self.is_owner(self.organisation_id, by) and "admin" not in by.roles:
            raise NotAllowed

    async def _lose_powers(self, role: str | None) -> None:
        """What a role allowed goes with it: the hat, and invitations not yet followed."""
        if role not in SPEAKERS:
            for table in ("session", "personal_token"):
                await execute(
                    f"UPDATE {table} SET acting_for_id = NULL WHERE member_id = $1 AND acting_for_id = $2",  # noqa: S608 — our own words
                    self.member_id,
                    self.organisation_id,
                )
        if role != OWNER:
            await execute(
                "DELETE FROM invitation WHERE by_id = $1 AND organisation_id = $2",
                self.member_id,
                self.organisation_id,
            )

    async def _tell(self, by: Viewer, kind: str, **data: Any) -> None:  # noqa: ANN401 — plain JSON
        if by.id == self.member_id:
            return
        organisation = self.organisation
        await notifications.tell(
            self.member_id, kind, link=organisation.url, organisation=organisation.name, **data
        )
        if not await self.is_owner(self.organisation_id, by):
            await StaffAct.note(
                kind, "organisation", self.organisation_id, by=by.id, member=self.member_id, **data
            )
