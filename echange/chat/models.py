"""Conversations and who takes part. Their messages are the log's (log.py): hand-written SQL, no ORM."""

from typing import ClassVar, Self

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from echange.chat import log, posting, reading
from echange.database import execute, fetch_value, in_transaction
from echange.http import NotFound, Refusal, Viewer
from echange.http.viewer import Acting
from echange.i18n import mark
from echange.members import Member, may_reach


class WithOneself(Refusal):
    code: ClassVar[str] = "with_oneself"
    sentence: ClassVar[str] = mark("C’est vous : il faut être deux pour se parler.")


class Conversation(Model):
    """A thread. `head` is the number of its last event; events are numbered 1..head without a hole.

    `key` makes opening it twice open it once: "direct:3:17", "ad:12:17". A conversation about something
    names it by `about_kind` and `about_id`; only the room of that kind knows what it is.
    """

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=60, null=True)
    about_kind = fields.CharField(max_length=20, null=True)
    about_id = fields.IntField(null=True)
    head = fields.IntField(default=0, db_default=0)
    created_at = fields.DatetimeField(auto_now_add=True)
    last_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "conversation"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id"), name="conversation_about")]
        constraints = [
            UniqueConstraint(fields=("key",), name="conversation_key_once"),
            CheckConstraint(check="head >= 0", name="conversation_head_counts"),
            CheckConstraint(
                check="(about_kind IS NULL) = (about_id IS NULL)", name="conversation_about_whole"
            ),
        ]

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet[Self]:
        """Those in which the viewer takes part; none for somebody signed out."""
        return cls.filter(participants__member_id=viewer.id if viewer else 0)

    @classmethod
    async def open_direct(cls, *, between: tuple[int, int]) -> Self:
        """The first one's conversation with the other, opened the first time.

        Raises WithOneself, and NotFound for somebody whom the first one may not meet.
        """
        low, high = sorted(between)
        return await cls._open(f"direct:{low}:{high}", between, None, None)

    @classmethod
    async def open_about(cls, kind: str, about_id: int, *, opener: int, other: int) -> Self:
        """The opener's conversation with `other` about a thing, opened the first time.

        Raises WithOneself, and NotFound for somebody whom the opener may not meet.
        """
        return await cls._open(f"{kind}:{about_id}:{opener}", (opener, other), kind, about_id)

    @classmethod
    async def _open(
        cls, key: str, members: tuple[int, int], about_kind: str | None, about_id: int | None
    ) -> Self:
        if members[0] == members[1]:
            raise WithOneself
        async with in_transaction():
            if not await may_reach(*members):
                raise NotFound
            # Opened twice at once: the second waits here for the first, and finds what it made.
            opened = await fetch_value(
                """INSERT INTO conversation (key, about_kind, about_id) VALUES ($1, $2, $3)
                   ON CONFLICT (key) DO NOTHING RETURNING id""",
                key,
                about_kind,
                about_id,
            )
            if opened is not None:
                await execute(
                    "INSERT INTO participant (conversation_id, member_id) SELECT $1, unnest($2::int[])",
                    opened,
                    sorted(members),
                )
            return await cls.get(key=key)

    async def post(self, *, by: int, client_id: str, body: str, hat: Acting | None = None) -> log.Event:
        """Write a message; sockets hear of it once it is committed. The same `client_id` again is a replay.

        Under a `hat` that may speak for its organisation the message says so. Raises NotFound for
        somebody who takes no part, SentOtherwise for a client id used with other words, SenderAway,
        Unreachable.
        """
        return await posting.post(self.id, by=by, client_id=client_id, body=body, hat=hat)

    async def mark_read(self, *, by: int, seq: int) -> int:
        """Move a member's mark to `seq`; it never goes back nor beyond the end. Gives where it stands."""
        return await reading.mark_read(self.id, by=by, seq=seq)


class Participant(Model):
    """A member in a conversation, and how far they have read."""

    id = fields.IntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation", related_name="participants", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="participations", on_delete=fields.RESTRICT, db_index=True
    )
    read_seq = fields.IntField(default=0, db_default=0)
    joined_at = fields.DatetimeField(auto_now_add=True)

    conversation_id: int
    member_id: int

    class Meta:
        table = "participant"
        constraints = [
            UniqueConstraint(fields=("conversation_id", "member_id"), name="participant_once"),
            CheckConstraint(check="read_seq >= 0", name="participant_read_counts"),
        ]
