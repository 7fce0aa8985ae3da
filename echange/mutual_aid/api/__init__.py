"""Mutual aid in JSON, over the same verbs as the pages."""

from echange.mutual_aid.api import groups, helps, matches, rota

routes = [*helps.routes, *matches.routes, *rota.routes, *groups.routes]
