"""Reports of anything by anybody, and what moderators decide, with the reason told and an answer heard."""
