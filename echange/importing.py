"""Importing much at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """For the time of the imports inside, nobody looks for garbage.

    A hundred thousand objects arrive and all of them stay: looking through them again and again is a tenth of
    a start. What was imported is not looked through later either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
