"""Asking somebody by mail to join an organisation."""

from datetime import timedelta
from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange import notifications
from echange.database import execute, in_transaction
from echange.http import NotAllowed, NotFound, Refusal, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import current_locale, mark
from echange.members.keys import fresh_key, hash_key
from echange.members.models.member import Member
from echange.members.models.membership import Membership
from echange.members.models.organisation import AddressUnconfirmed, Organisation
from echange.members.organisations import letters

LIFETIME: Final = timedelta(days=14)
PENDING_AT_MOST: Final = 50


class InvitationGone(NotFound):
    code = "link_gone"
    sentence = mark("Cette invitation a déjà servi, ou elle n’est plus bonne. Demandez-en une autre.")


class AlreadyIn(Refusal):
    code = "already_in"
    sentence = mark("Vous en faites déjà partie.")


class TooManyInvitations(Refusal):
    code = "too_many_invitations"
    sentence = mark("Cinquante invitations attendent déjà une réponse. Retirez celles qui ne servent plus.")


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

    @classmethod
    async def send(
        cls, organisation: Organisation, email: str, role: str, *, by: Viewer, home: str
    ) -> "Invitation":
        """Mail a link below `home`; asked again, the older link is void.

        It goes the same way whether the address is known or not, and for whom its owner blocked: to their
        mailbox nothing is sent. Raises AddressUnconfirmed, NotAllowed, TooManyInvitations.
        """
        if not by.confirmed:
            raise AddressUnconfirmed
        key = fresh_key()
        async with in_transaction():
            await _hold(organisation.id)
            if not await Membership.is_owner(organisation.id, by):
                raise NotAllowed
            await cls.filter(organisation_id=organisation.id, email__iexact=email).delete()
            await cls.filter(organisation_id=organisation.id, expires_at__lt=now()).delete()
            if await cls.filter(organisation_id=organisation.id).count() >= PENDING_AT_MOST:
                raise TooManyInvitations
            invitation = await cls.create(
                organisation_id=organisation.id,
                by_id=by.id,
                email=email,
                role=role,
                key_hash=hash_key(key),
                expires_at=now() + LIFETIME,
            )
            known = await Member.with_email(email)
            if known is None or known.id not in by.unseen:
                locale = known.locale if known else current_locale.get()
                await letters.ask_to_join(
                    email, locale, home=home, host=by.name, organisation=organisation.name, key=key
                )
        return invitation

    @classmethod
    async def find(cls, key: str, viewer: Viewer | None) -> "Invitation":
        """The invitation of a link that is still good, for whoever looks; raises InvitationGone."""
        found = await cls.get_or_none(
            key_hash=hash_key(key), expires_at__gt=now(), organisation__away=False
        ).select_related("organisation", "by")
        if found is None or (viewer is not None and found.by_id in viewer.unseen):
            raise InvitationGone
        return found

    async def accept(self, *, by: Viewer) -> Organisation:
        """Join; who invited is told. Raises InvitationGone, AlreadyIn."""
        with kept({"membership_once": AlreadyIn}):
            async with in_transaction():
                await _hold(self.organisation_id)
                # Asked again under the lock: of two clicks at once, one finds it gone.
                if not await Invitation.filter(id=self.id, organisation__away=False).delete():
                    raise InvitationGone
                await Membership.create(organisation_id=self.organisation_id, member_id=by.id, role=self.role)
                await notifications.tell(
                    self.by_id,
                    "invitation_accepted",
                    link=f"{self.organisation.url}/personnes",
                    organisation=self.organisation.name,
                    name=by.name,
                    by=by.id,
                )
        return self.organisation

    @classmethod
    async def withdraw(cls, organisation_id: int, invitation_id: int) -> None:
        """Its link leads nowhere any more; raises NotFound."""
        if not await cls.filter(id=invitation_id, organisation_id=organisation_id).delete():
            raise NotFound


async def _hold(organisation_id: int) -> None:
    await execute("SELECT FROM organisation WHERE id = $1 FOR NO KEY UPDATE", organisation_id)
