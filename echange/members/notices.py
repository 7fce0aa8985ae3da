"""What this room tells members."""

from typing import Final

from echange.members.account import notices as account
from echange.members.mandates import notices as mandates
from echange.members.organisations import notices as organisations
from echange.members.trust import notices as trust
from echange.notifications import Kind

kinds: Final[tuple[Kind, ...]] = (*account.kinds, *organisations.kinds, *trust.kinds, *mandates.kinds)
