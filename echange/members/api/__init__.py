"""Members as JSON, over the same verbs as the pages. An address is never shown."""

from echange.members.api import people

routes = [*people.routes]
