"""Links mailed to somebody, to prove that an address is theirs."""

from datetime import timedelta
from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.http import NotFound
from echange.http.dates import now
from echange.i18n import mark
from echange.members.keys import fresh_key, hash_key
from echange.members.models.member import Member

CONFIRM, RESET, SIGN_IN, STAY = "confirm", "reset", "sign_in", "stay"
# These carry the address that the member will have.
CHANGE, REVERT, RECOVER = "change", "revert", "recover"
LIFETIMES: Final = {
    CONFIRM: timedelta(days=7),
    RESET: timedelta(hours=1),
    SIGN_IN: timedelta(minutes=20),
    STAY: timedelta(days=14),
    CHANGE: timedelta(hours=24),
    REVERT: timedelta(days=14),
    RECOVER: timedelta(hours=24),
}
# What an older address of the member could still open.
OF_THE_ADDRESS: Final = (CONFIRM, RESET, SIGN_IN, CHANGE, RECOVER)


class LinkGone(NotFound):
    code = "link_gone"
    sentence = mark("Ce lien a déjà servi, ou il est trop vieux. Demandez-en un autre.")


class MailKey(Model):
    """A single-use link sent by mail; gone once used or past `expires_at`."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="mail_keys", on_delete=fields.CASCADE, db_index=True
    )
    purpose = fields.CharField(max_length=20)
    address = fields.CharField(max_length=254, null=True)
    key_hash = fields.BinaryField()
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()

    member_id: int

    class Meta:
        table = "mail_key"
        indexes: ClassVar = [Index(fields=("expires_at",), name="mail_key_expiry")]
        constraints = [
            UniqueConstraint(fields=("key_hash",), name="mail_key_once"),
            CheckConstraint(
                check="purpose IN ('confirm', 'reset', 'sign_in', 'stay', 'change', 'revert', 'recover')",
                name="mail_key_purpose_known",
            ),
            CheckConstraint(
                check="(address IS NOT NULL) = (purpose IN ('change', 'revert', 'recover'))",
                name="mail_key_address_when_it_changes",
            ),
        ]

    @classmethod
    async def issue(cls, member_id: int, purpose: str, *, address: str | None = None) -> str:
        """A new key of a member; those sent before stay good, mails may arrive in any order."""
        key = fresh_key()
        await cls.create(
            member_id=member_id,
            purpose=purpose,
            address=address,
            key_hash=hash_key(key),
            expires_at=now() + LIFETIMES[purpose],
        )
        return key

    @classmethod
    async def find(cls, key: str, purpose: str) -> "MailKey":
        """The key, still unused, with its member; raises LinkGone."""
        found = await cls.get_or_none(
            key_hash=hash_key(key), purpose=purpose, expires_at__gt=now()
        ).select_related("member")
        if found is None or found.member.left_at is not None:
            raise LinkGone
        return found

    @classmethod
    async def take(cls, key: str, purpose: str) -> Member:
        """Use the key up, inside a transaction; its member comes locked. Raises LinkGone."""
        member, _ = await cls.take_address(key, purpose)
        return member

    @classmethod
    async def take_address(cls, key: str, purpose: str) -> tuple[Member, str]:
        """The same, with the address that the key carries."""
        found = await cls.find(key, purpose)
        member = await Member.filter(id=found.member_id).select_for_update(no_key=True).get()
        # Asked again under the lock: of two clicks at once, one finds it gone.
        if not await cls.filter(id=found.id).delete():
            raise LinkGone
        later = cls.filter(member_id=member.id, purpose=purpose)
        # Whoever took an account over sends such links too: the rightful owner's, being older, stays good.
        await (later.filter(id__gt=found.id) if purpose == REVERT else later).delete()
        return member, found.address or ""

    @classmethod
    async def forget(cls, member_id: int, *purposes: str) -> None:
        """Links of these kinds open nothing any more."""
        await cls.filter(member_id=member_id, purpose__in=purposes).delete()
