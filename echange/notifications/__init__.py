"""What a member is told, by which channel.

A notice is a row: listed under /avis, counted until read. Kinds that matter also go by mail, once what
caused them is committed, to a confirmed address whose member has not refused that kind. Pages that are open
hear of it at once.
"""

from echange.notifications.herald import Herald
from echange.notifications.kinds import Kind, Kinds
from echange.notifications.letters import handlers
from echange.notifications.models import forget, forget_between, tell, tell_all, unread_count

__all__ = [
    "Herald",
    "Kind",
    "Kinds",
    "forget",
    "forget_between",
    "handlers",
    "tell",
    "tell_all",
    "unread_count",
]
