"""Annonces in JSON, over the same verbs as the pages."""

from echange.ads.api import annonces, answering, finding, photos

routes = [*finding.routes, *annonces.routes, *answering.routes, *photos.routes]
