"""The database keeps the promises; here a broken one becomes a kind refusal, by constraint name."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from tortoise.exceptions import IntegrityError

from echange.http.refusals import Refusal


@contextmanager
def kept(promises: dict[str, type[Refusal]]) -> Iterator[None]:
    """Inside the block, a violated constraint named in `promises` raises its refusal."""
    try:
        yield
    except (IntegrityError, asyncpg.IntegrityConstraintViolationError) as error:
        refusal = promises.get(constraint_of(error) or "")
        if refusal is None:
            raise
        raise refusal from error


def constraint_of(error: BaseException) -> str | None:
    """The name of the constraint that said no."""
    cause = error.__cause__ if isinstance(error, IntegrityError) else error
    name: str | None = getattr(cause, "constraint_name", None)
    return name
