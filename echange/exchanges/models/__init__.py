"""The nouns of this room."""

from echange.exchanges.models.event import ExchangeEvent
from echange.exchanges.models.exchange import Exchange
from echange.exchanges.models.thanks import Thanks

__all__ = ["Exchange", "ExchangeEvent", "Thanks"]
