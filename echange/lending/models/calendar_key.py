"""What lets a calendar program read somebody's own calendars."""

from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.database import execute, fetch_one
from echange.http import Viewer
from echange.members import Member, fresh_key, hash_key

_READER: Final = """
    SELECT m.id, m.name, m.handle, m.locale, m.confirmed_at IS NOT NULL AS confirmed,
           ARRAY(SELECT role FROM staff_role WHERE member_id = m.id) AS roles,
           coalesce(k.read_at < now() - interval '1 hour', true) AS stale
    FROM calendar_key k JOIN member m ON m.id = k.member_id
    WHERE k.hash = $1 AND m.leaving_at IS NULL"""


class CalendarKey(Model):
    """The secret in the address of a member's own calendars: shown once, only its hash is kept.

    `read_at`: when a calendar last asked, to the hour.
    """

    id = fields.IntField(primary_key=True)
    hash = fields.BinaryField()
    at = fields.DatetimeField(auto_now_add=True)
    read_at = fields.DatetimeField(null=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="calendar_keys", on_delete=fields.CASCADE
    )

    member_id: int

    class Meta:
        table = "calendar_key"
        constraints = [
            UniqueConstraint(fields=("hash",), name="calendar_key_hash_once"),
            UniqueConstraint(fields=("member_id",), name="calendar_key_member_once"),
        ]

    @classmethod
    async def renew(cls, member_id: int) -> str:
        """A secret for this member; the one they had stops at once."""
        key = fresh_key()
        await execute(
            """INSERT INTO calendar_key (member_id, hash) VALUES ($1, $2)
               ON CONFLICT (member_id) DO UPDATE SET hash = excluded.hash, at = now(), read_at = NULL""",
            member_id,
            hash_key(key),
        )
        return key

    @classmethod
    async def revoke(cls, member_id: int) -> bool:
        """Let nobody read their calendars any more; whether somebody could."""
        return bool(await cls.filter(member_id=member_id).delete())

    @classmethod
    async def reader(cls, key: str) -> Viewer | None:
        """The member whose secret this is, as themselves: under no hat and for nobody else."""
        row = await fetch_one(_READER, hash_key(key))
        if row is None:
            return None
        if row["stale"]:
            await execute("UPDATE calendar_key SET read_at = now() WHERE hash = $1", hash_key(key))
        return Viewer(
            id=row["id"],
            name=row["name"],
            handle=row["handle"],
            confirmed=row["confirmed"],
            locale=row["locale"],
            roles=frozenset(row["roles"]),
        )
