"""What this room tells members: nothing yet."""

from typing import Final

from echange.notifications import Kind

kinds: Final[tuple[Kind, ...]] = ()
