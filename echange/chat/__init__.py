"""Conversations between neighbours, each with a log that loses, doubles and disorders nothing.

Another room opens a conversation about one of its things and writes its first message in its own transaction:
`conversation = await Conversation.open_about("ad", ad.id, opener=bob.id, other=alice.id)`, then
`await conversation.post(by=bob.id, client_id=…, body=…)`. Sockets hear of it once all is committed.
What is pinned on top comes from the room's `Subject`.
"""

from echange.chat.identifiers import client_id
from echange.chat.inbox import inbox as talks_of
from echange.chat.models import Conversation
from echange.chat.reaching import check_reach
from echange.chat.reading import unread_count
from echange.chat.schedule import schedules
from echange.chat.subjects import Card, CardAction, Subject, Subjects
from echange.chat.talk import Talk

__all__ = [
    "Card",
    "CardAction",
    "Conversation",
    "Subject",
    "Subjects",
    "Talk",
    "check_reach",
    "client_id",
    "schedules",
    "talks_of",
    "unread_count",
]
