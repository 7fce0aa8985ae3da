"""The town itself: its front page, what it promises, and whether it is well."""
