"""The nouns of this room."""

from echange.places.models.place import Place

__all__ = ["Place"]
