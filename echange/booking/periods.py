"""Spans of time, from an instant to another."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` until `end`, which is not in it; both aware, in UTC."""

    start: datetime
    end: datetime
