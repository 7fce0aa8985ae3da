"""The nouns of this room."""

from echange.moderation.models.decision import Decision
from echange.moderation.models.report import Report

__all__ = ["Decision", "Report"]
