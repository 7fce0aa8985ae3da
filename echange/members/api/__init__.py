"""Members as JSON, over the same verbs as the pages. An address is never shown."""

from echange.members.api import account, mandates, organisations, people, trust, without_mail

routes = [
    *people.routes,
    *account.routes,
    *organisations.routes,
    *trust.routes,
    *mandates.routes,
    *without_mail.routes,
]
