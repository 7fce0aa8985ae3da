"""Members as JSON, over the same verbs as the pages. An address is never shown."""

from echange.members.api import account, organisations, people, trust

routes = [*people.routes, *account.routes, *organisations.routes, *trust.routes]
