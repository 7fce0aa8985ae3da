"""Messages have their own unread counts: nobody gets a notice for each of them."""

from typing import Final

from echange.notifications import Kind

kinds: Final[tuple[Kind, ...]] = ()
