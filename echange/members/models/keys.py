"""What proves who somebody is: sessions, mailed links, personal tokens. Only hashes are kept."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members.models.member import Member


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

    member_id: int

    class Meta:
        table = "session"
        indexes: ClassVar = [Index(fields=("seen_at",), name="session_seen")]
        constraints = [UniqueConstraint(fields=("key_hash",), name="session_key_once")]


class MailKey(Model):
    """A single-use link sent by mail; gone once used or past `expires_at`."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="mail_keys", on_delete=fields.CASCADE, db_index=True
    )
    purpose = fields.CharField(max_length=20)
    key_hash = fields.BinaryField()
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()

    member_id: int

    class Meta:
        table = "mail_key"
        indexes: ClassVar = [Index(fields=("expires_at",), name="mail_key_expiry")]
        constraints = [
            UniqueConstraint(fields=("key_hash",), name="mail_key_once"),
            CheckConstraint(check="purpose IN ('confirm', 'reset')", name="mail_key_purpose_known"),
        ]


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

    member_id: int

    class Meta:
        table = "personal_token"
        constraints = [UniqueConstraint(fields=("key_hash",), name="personal_token_once")]
