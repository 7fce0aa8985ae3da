"""What a member is told."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

import orjson
from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

from echange import jobs
from echange.database import after_commit, execute, fetch, fetch_value, in_transaction
from echange.notifications.herald import proclaim

MAIL_JOB: Final = "notice_mail"


class Notice(Model):
    """One thing told to one member; `data` is for its kind's sentence, which is made when shown."""

    id = fields.BigIntField(primary_key=True)
    # Named by string: notifications stands below members (design §1).
    member: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "echange.Member", related_name="notices", on_delete=fields.CASCADE
    )
    kind = fields.CharField(max_length=40)
    data: dict[str, Any] = fields.JSONField(default=dict)
    link = fields.CharField(max_length=200)
    at = fields.DatetimeField(auto_now_add=True)
    read_at = fields.DatetimeField(null=True)

    member_id: int

    class Meta:
        table = "notice"
        indexes: ClassVar = [Index(fields=("member_id", "at", "id"), name="notice_of_member")]

    @classmethod
    async def read(cls, member_id: int, notice_id: int) -> str | None:
        """Mark a member's notice as read; the link it leads to, None when it is not theirs."""
        link: str | None = await fetch_value(
            """UPDATE notice SET read_at = coalesce(read_at, now())
               WHERE id = $1 AND member_id = $2 RETURNING link""",
            notice_id,
            member_id,
        )
        return link

    @classmethod
    async def read_all(cls, member_id: int) -> None:
        """Mark all of a member's notices as read."""
        await execute("UPDATE notice SET read_at = now() WHERE member_id = $1 AND read_at IS NULL", member_id)


class MailRefusal(Model):
    """A member does not want mails of this kind any more; the notice itself still comes."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "echange.Member", related_name="mail_refusals", on_delete=fields.CASCADE
    )
    kind = fields.CharField(max_length=40)
    at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "mail_refusal"
        constraints = [UniqueConstraint(fields=("member_id", "kind"), name="mail_refusal_once")]

    @classmethod
    async def refuse(cls, member_id: int, kind: str) -> None:
        """No more mails of this kind; said twice, it counts once. A member who is gone is left in peace."""
        await execute(
            """INSERT INTO mail_refusal (member_id, kind) SELECT id, $2 FROM member WHERE id = $1
               ON CONFLICT (member_id, kind) DO NOTHING""",
            member_id,
            kind,
        )

    @classmethod
    async def accept(cls, member_id: int, kind: str) -> None:
        """Mails of this kind again."""
        await cls.filter(member_id=member_id, kind=kind).delete()


async def tell(member_id: int, kind: str, *, link: str, **data: object) -> None:
    """Tell a member something, in the caller's transaction; `data` is plain JSON for the kind's sentence.

    A sentence that names somebody says who by `by=`, their id: see `forget_between`; by `about_member=`
    when a block between the two must not take it away, only the end of the account.
    """
    await tell_all([member_id], kind, link=link, **data)


async def tell_all(member_ids: Sequence[int], kind: str, *, link: str, **data: object) -> None:
    """Tell many members the same thing in two statements, in the caller's transaction.

    Their open pages hear of it once it is committed.
    """
    async with in_transaction():
        rows = await fetch(
            """INSERT INTO notice (member_id, kind, link, data)
               SELECT unnest($1::int[]), $2, $3, $4::jsonb
               RETURNING id, member_id, (SELECT locale FROM member WHERE id = notice.member_id) AS locale""",
            list(member_ids),
            kind,
            link[:200],
            orjson.dumps(data).decode(),
        )
        await jobs.enqueue_all(MAIL_JOB, [{"notice": row["id"]} for row in rows])
        for row in rows:
            after_commit(
                partial(proclaim, row["member_id"], row["id"], kind, link[:200], data, row["locale"])
            )


async def forget_between(one_id: int, other_id: int) -> None:
    """Forget what the one was told of the other, both ways."""
    await execute(
        """DELETE FROM notice WHERE (member_id = $1 AND data ->> 'by' = $2::int::text)
                                 OR (member_id = $2 AND data ->> 'by' = $1::int::text)""",
        one_id,
        other_id,
    )


async def forget(member_id: int) -> None:
    """Forget what a member was told and how, and what others were told of them."""
    await execute(
        """DELETE FROM notice WHERE member_id = $1 OR data ->> 'by' = $1::int::text
                                 OR data ->> 'about_member' = $1::int::text""",
        member_id,
    )
    await execute("DELETE FROM mail_refusal WHERE member_id = $1", member_id)


async def unread_count(member_id: int) -> int:
    """How many notices wait to be read."""
    count: int = await fetch_value(
        "SELECT count(*) FROM notice WHERE member_id = $1 AND read_at IS NULL", member_id
    )
    return count
