"""Messages as pages; all of it works without JavaScript."""

from echange.chat.pages import (
    acting,
    attachments,
    group_people,
    group_picture,
    groups,
    inbox,
    new_group,
    slots,
    thread,
)

routes = [
    *inbox.routes,
    *new_group.routes,
    *groups.routes,
    *group_people.routes,
    *group_picture.routes,
    *thread.routes,
    *acting.routes,
    *attachments.routes,
    *slots.routes,
]
