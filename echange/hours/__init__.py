"""Hours of neighbours and associations: what one has, how it came and went, and giving them away.

An hour is an hour, whatever the service, and is worth no money. The ledger below knows accounts only; here
they have owners, a statement in words, gifts, a proof anybody can read, and what becomes of them in the end.
"""

from echange.hours.accounts import Owner, account_of, account_of_organisation, owners
from echange.hours.closing import schedules
from echange.hours.settle import Settled, settle

__all__ = ["Owner", "Settled", "account_of", "account_of_organisation", "owners", "schedules", "settle"]
