"""Why to trust somebody: met by the desk, known to verified neighbours."""

from echange.members.trust.signs import Sign, Trust, trust_of

__all__ = ["Sign", "Trust", "trust_of"]
