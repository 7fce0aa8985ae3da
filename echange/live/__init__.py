"""The sockets of this process: who is connected, and frames on their way out.

The ground floor knows no conversation: it carries ready text. What must not be lost lies in a log elsewhere.
"""

from echange.live.hub import Hub, hub_of, send
from echange.live.line import RESTART, SIGNED_OUT, TOO_LARGE, TOO_SLOW, Line, Place

__all__ = ["RESTART", "SIGNED_OUT", "TOO_LARGE", "TOO_SLOW", "Hub", "Line", "Place", "hub_of", "send"]
