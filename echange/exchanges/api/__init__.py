"""Exchanges in JSON, over the same verbs as the pages."""

from echange.exchanges.api import acting, reading, trusting

routes = [*reading.routes, *acting.routes, *trusting.routes]
