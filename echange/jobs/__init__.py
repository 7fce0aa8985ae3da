"""Slow work: a row written with what asked for it, done once that is committed, tried again when it fails.

Work is done at least once: a handler that was interrupted is called again, so it must bear it.
"""

from echange.jobs.queue import enqueue, enqueue_all
from echange.jobs.retries import Abandoned, Postponed
from echange.jobs.worker import Handler, Worker

__all__ = ["Abandoned", "Handler", "Postponed", "Worker", "enqueue", "enqueue_all"]
