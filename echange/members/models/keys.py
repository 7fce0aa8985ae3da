"""What proves who somebody is: sessions and personal tokens. Only hashes are kept."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

from echange.database import in_transaction
from echange.http import Refusal
from echange.i18n import mark
from echange.members.keys import fresh_key, hash_key
from echange.members.models.mandate import Mandate
from echange.members.models.member import Member
from echange.members.models.organisation import Organisation

TOKENS_AT_MOST: Final = 20


class TooManyTokens(Refusal):
    code = "too_many_tokens"
    sentence = mark("Vous avez déjà vingt jetons. Retirez ceux qui ne servent plus.")


class Session(Model):
    """A browser signed in. `key_hash` is SHA-256 of the cookie's 256 random bits."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="sessions", on_delete=fields.CASCADE, db_index=True
    )
    key_hash = fields.BinaryField()
    device = fields.CharField(max_length=80, default="", db_default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    seen_at = fields.DatetimeField(auto_now_add=True)
    acting_for: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        null=True,
        related_name="worn_by_sessions",
        on_delete=fields.SET_NULL,
        db_index=True,
    )
    mandate: fields.ForeignKeyNullableRelation[Mandate] = fields.ForeignKeyField(
        "echange.Mandate", null=True, related_name="sessions", on_delete=fields.SET_NULL, db_index=True
    )

    member_id: int
    acting_for_id: int | None
    mandate_id: int | None

    class Meta:
        table = "session"
        indexes: ClassVar = [Index(fields=("seen_at",), name="session_seen")]
        constraints = [UniqueConstraint(fields=("key_hash",), name="session_key_once")]

    @classmethod
    async def open(cls, member: Member, device: str) -> str:
        """Sign a browser in; the key to keep in its cookie."""
        key = fresh_key()
        await cls.create(member=member, key_hash=hash_key(key), device=device[:80])
        return key

    @classmethod
    async def end(cls, member_id: int, session_id: int) -> bool:
        """End one session of this member; whether there was one."""
        return bool(await cls.filter(id=session_id, member_id=member_id).delete())


class PersonalToken(Model):
    """A bearer token for the API, named by its owner, revocable."""

    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="tokens", on_delete=fields.CASCADE, db_index=True
    )
    label = fields.CharField(max_length=60)
    key_hash = fields.BinaryField()
    created_at = fields.DatetimeField(auto_now_add=True)
    used_at = fields.DatetimeField(null=True)
    acting_for: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        null=True,
        related_name="worn_by_tokens",
        on_delete=fields.SET_NULL,
        db_index=True,
    )
    mandate: fields.ForeignKeyNullableRelation[Mandate] = fields.ForeignKeyField(
        "echange.Mandate", null=True, related_name="tokens", on_delete=fields.SET_NULL, db_index=True
    )

    member_id: int
    acting_for_id: int | None
    mandate_id: int | None

    class Meta:
        table = "personal_token"
        constraints = [UniqueConstraint(fields=("key_hash",), name="personal_token_once")]

    @classmethod
    async def issue(cls, member: Member, label: str, *, at_most: int | None = TOKENS_AT_MOST) -> str:
        """A new token, told this once; raises TooManyTokens."""
        key = fresh_key()
        async with in_transaction():
            await Member.filter(id=member.id).select_for_update(no_key=True).get()
            if at_most is not None and await cls.filter(member_id=member.id).count() >= at_most:
                raise TooManyTokens
            await cls.create(member=member, label=label[:60], key_hash=hash_key(key))
        return key

    @classmethod
    async def revoke(cls, member_id: int, token_id: int) -> bool:
        """End a token of this member; whether there was one."""
        return bool(await cls.filter(id=token_id, member_id=member_id).delete())
