"""Conversations and who takes part. Their messages are the log's (log.py): hand-written SQL, no ORM."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members import Member


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
