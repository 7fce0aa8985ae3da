"""Conversations and who takes part. Their messages are the log's (log.py): hand-written SQL, no ORM."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from echange.chat import amending, grouping, newcomers, posting, reaching, reading, setting_aside
from echange.chat.events import Event
from echange.chat.grouping import Role
from echange.chat.posting import Words
from echange.chat.refusals import WithOneself
from echange.database import execute, fetch_value, in_transaction
from echange.http import Viewer
from echange.http.viewer import Acting
from echange.members import Member


class Conversation(Model):
    """A thread. `head` is the number of its last event; events are numbered 1..head without a hole.
    `said_seq` is that of the last message; events before `first_seq` were purged; `words_to` is how far
    search knows it. `members` is kept by the database: who takes part, true under the row's lock.

    `key` makes opening it twice open it once: "direct:3:17", "ad:12:17". A conversation about something
    names it by `about_kind` and `about_id`; only the room of that kind knows what it is.
    """

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=60, null=True)
    about_kind = fields.CharField(max_length=20, null=True)
    about_id = fields.IntField(null=True)
    head = fields.IntField(default=0, db_default=0)
    said_seq = fields.IntField(default=0, db_default=0)
    first_seq = fields.IntField(default=1, db_default=1)
    words_to = fields.IntField(default=0, db_default=0)
    is_group = fields.BooleanField(default=False, db_default=False)
    title = fields.CharField(max_length=80, default="", db_default="")
    members: fields.Field[list[int]] = ArrayField("int", default=list, db_default=[])
    opener: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="opened_conversations", null=True, on_delete=fields.SET_NULL
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    last_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "conversation"
        indexes: ClassVar = [
            Index(fields=("about_kind", "about_id"), name="conversation_about"),
            Index(fields=("opener_id", "created_at"), name="conversation_opener"),
        ]
        constraints = [
            UniqueConstraint(fields=("key",), name="conversation_key_once"),
            CheckConstraint(check="head >= 0", name="conversation_head_counts"),
            CheckConstraint(check="first_seq BETWEEN 1 AND head + 1", name="conversation_first_counts"),
            CheckConstraint(check="said_seq BETWEEN 0 AND head", name="conversation_said_counts"),
            CheckConstraint(check="is_group OR title = ''", name="conversation_title_of_group"),
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

        Raises WithOneself, NotFound for somebody whom the first one may not meet, Unreachable for one under
        age who does not know them, TooManyPeople.
        """
        low, high = sorted(between)
        return await cls._open(f"direct:{low}:{high}", between, None, None)

    @classmethod
    async def open_about(cls, kind: str, about_id: int, *, opener: int, other: int) -> Self:
        """The opener's conversation with `other` about a thing, opened the first time.

        Raises what `open_direct` does.
        """
        return await cls._open(f"{kind}:{about_id}:{opener}", (opener, other), kind, about_id)

    @classmethod
    async def open_group(cls, members: Sequence[int], *, by: int, title: str = "", name: str = "") -> Self:
        """Open a group of `by` and these members; see grouping.open_group."""
        return await cls.get(id=await grouping.open_group(members, by=by, title=title, name=name))

    @classmethod
    async def _open(
        cls, key: str, members: tuple[int, int], about_kind: str | None, about_id: int | None
    ) -> Self:
        if members[0] == members[1]:
            raise WithOneself
        async with in_transaction():
            await reaching.check_reach(*members)
            await reaching.check_reads(members[1])
            # Opened twice at once: the second waits here for the first, and finds what it made.
            opened = await fetch_value(
                """INSERT INTO conversation (key, about_kind, about_id, opener_id) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (key) DO NOTHING RETURNING id""",
                key,
                about_kind,
                about_id,
                members[0],
            )
            if opened is not None:
                await execute(
                    "INSERT INTO participant (conversation_id, member_id) SELECT $1, unnest($2::int[])",
                    opened,
                    sorted(members),
                )
                await newcomers.check_people(members[0])
            return await cls.get(key=key)

    async def post(
        self,
        *,
        by: int,
        client_id: str,
        body: str,
        hat: Acting | None = None,
        reply_to: int = 0,
        attachments: Sequence[int] = (),
        slot: dict[str, Any] | None = None,
    ) -> Event:
        """Write a message; sockets hear of it once it is committed. The same `client_id` again is a replay.

        Under a `hat` that may speak for its organisation the message says so; it may answer another by its
        number, carry attachments of its writer's, propose a moment. Raises NotFound for somebody who takes
        no part, SentOtherwise for a client id used with other words, SenderAway, Unreachable,
        NothingToAttach, NothingToAnswer, TooManyLinks.
        """
        words = Words(body, hat, reply_to, tuple(attachments), slot)
        return await posting.post(self.id, by=by, client_id=client_id, words=words)

    async def edit(self, target: int, *, by: int, client_id: str, body: str) -> Event:
        """Put other words in the place of one's own message; see amending.edit."""
        return await amending.edit(self.id, by=by, client_id=client_id, target=target, body=body)

    async def delete_message(self, target: int, *, by: int, client_id: str) -> Event:
        """Take one's own message back; see amending.delete."""
        return await amending.delete(self.id, by=by, client_id=client_id, target=target)

    async def react(self, target: int, *, by: int, client_id: str, emoji: str, on: bool) -> Event:
        """Put a sign under a message, or take it away; see amending.react."""
        return await amending.react(self.id, by=by, client_id=client_id, target=target, emoji=emoji, on=on)

    async def mark_read(self, *, by: int, seq: int) -> int:
        """Move a member's mark to `seq`; it never goes back nor beyond the end. Gives where it stands."""
        return await reading.mark_read(self.id, by=by, seq=seq)

    async def add(self, *members: int, by: int) -> None:
        """Take people into the group; see grouping.add."""
        await grouping.add(self.id, members, by=by)

    async def remove(self, member_id: int, *, by: int) -> None:
        """Put somebody out of the group; see grouping.remove."""
        await grouping.remove(self.id, member_id, by=by)

    async def leave(self, *, by: int) -> None:
        """Go, handing over what one looked after; see grouping.leave."""
        await grouping.leave(self.id, by=by)

    async def rename(self, title: str, *, by: int) -> None:
        """Call the group otherwise; see grouping.rename."""
        await grouping.rename(self.id, title, by=by)

    async def appoint(self, member_id: int, role: Role, *, by: int) -> None:
        """Have somebody look after the group too, or no more; see grouping.appoint."""
        await grouping.appoint(self.id, member_id, role, by=by)

    async def mute(self, *, by: int) -> None:
        """No badge, no notice, no mail for this member."""
        await setting_aside.mute(self.id, by=by)

    async def unmute(self, *, by: int) -> None:
        await setting_aside.unmute(self.id, by=by)

    async def archive(self, *, by: int, seq: int | None = None) -> None:
        """Out of this member's list until more is said than up to `seq`; see setting_aside.archive."""
        await setting_aside.archive(self.id, by=by, seq=seq)

    async def take_back(self, *, by: int) -> None:
        """Into the list again."""
        await setting_aside.take_back(self.id, by=by)


class Participant(Model):
    """A member in a conversation, and how far they have read.

    They see events from `from_seq` on. Muted it makes no noise; archived up to `archived_seq` it is out of
    the list until something more is said. Up to `mailed_seq` a mail has told of what waits.
    """

    id = fields.IntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation", related_name="participants", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="participations", on_delete=fields.RESTRICT, db_index=True
    )
    read_seq = fields.IntField(default=0, db_default=0)
    joined_at = fields.DatetimeField(auto_now_add=True)
    role = fields.CharField(max_length=10, default="member", db_default="member")
    from_seq = fields.IntField(default=1, db_default=1)
    muted_at: fields.Field[datetime | None] = fields.DatetimeField(null=True)
    archived_seq = fields.IntField(null=True)
    mailed_seq = fields.IntField(default=0, db_default=0)

    conversation_id: int
    member_id: int

    class Meta:
        table = "participant"
        indexes: ClassVar = [Index(fields=("joined_at",), name="participant_joined")]
        constraints = [
            UniqueConstraint(fields=("conversation_id", "member_id"), name="participant_once"),
            CheckConstraint(check="read_seq >= 0", name="participant_read_counts"),
            CheckConstraint(check="role IN ('owner', 'member')", name="participant_role_known"),
            CheckConstraint(check="from_seq >= 1", name="participant_from_counts"),
        ]


class Attachment(Model):
    """A photo or a file in a conversation; it is not sent yet while it has no `seq`."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60)
    kind = fields.CharField(max_length=10)
    filename = fields.CharField(max_length=120)
    media_type = fields.CharField(max_length=100)
    bytes = fields.IntField()
    width = fields.IntField(default=0, db_default=0)
    height = fields.IntField(default=0, db_default=0)
    widths: fields.Field[list[int]] = fields.JSONField()
    alt = fields.CharField(max_length=200, default="", db_default="")
    seq = fields.IntField(null=True)
    at = fields.DatetimeField(auto_now_add=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation", related_name="attachments", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="attachments", on_delete=fields.CASCADE, db_index=True
    )

    class Meta:
        table = "attachment"
        indexes: ClassVar = [Index(fields=("conversation_id", "seq"), name="attachment_of_message")]
        constraints = [
            UniqueConstraint(fields=("name",), name="attachment_name_once"),
            CheckConstraint(check="kind IN ('photo', 'file')", name="attachment_kind_known"),
            CheckConstraint(check="bytes > 0", name="attachment_bytes_count"),
        ]


class GroupPicture(Model):
    """The picture of a group."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    width = fields.IntField()
    height = fields.IntField()
    widths: fields.Field[list[int]] = fields.JSONField()
    conversation: fields.OneToOneRelation[Conversation] = fields.OneToOneField(
        "echange.Conversation", related_name="picture", on_delete=fields.CASCADE
    )

    class Meta:
        table = "group_picture"
        constraints = [UniqueConstraint(fields=("name",), name="group_picture_name_once")]
