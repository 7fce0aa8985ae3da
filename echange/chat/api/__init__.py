"""Messages in JSON, over the same verbs as the pages and the socket."""

from echange.chat.api import attachments, conversations, groups, messages, searching, slots

routes = [
    *conversations.routes,
    *groups.routes,
    *messages.routes,
    *searching.routes,
    *attachments.routes,
    *slots.routes,
]
