"""The sockets of this process: who is connected, frames on their way out, and rings to other processes.

The ground floor knows no conversation: it carries ready text. What must not be lost lies in a log elsewhere.
"""

from echange.live.doorbell import Doorbell, hung_doorbell
from echange.live.frame import Frame
from echange.live.hub import Hub, hub_of, tell
from echange.live.line import RESTART, SIGNED_OUT, TOO_LARGE, TOO_SLOW, Line, Place

__all__ = [
    "RESTART",
    "SIGNED_OUT",
    "TOO_LARGE",
    "TOO_SLOW",
    "Doorbell",
    "Frame",
    "Hub",
    "Line",
    "Place",
    "hub_of",
    "hung_doorbell",
    "tell",
]
