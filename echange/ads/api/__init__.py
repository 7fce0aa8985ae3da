"""Annonces in JSON, over the same verbs as the pages."""

from echange.ads.api import annonces

routes = [*annonces.routes]
