"""Idempotency-Key: a repeated request gets the first answer; its row commits with the verb's own rows."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import execute, fetch_one, in_transaction
from echange.database.again import again
from echange.http.refusals import Invalid, KeyReused
from echange.http.viewer import Viewer
from echange.i18n import gettext as _

HEADER: Final = "idempotency-key"
LONGEST_KEY: Final = 200
KEPT_DAYS: Final = 30
Claim = tuple[int, str, str, str]
"""A member, a method, a path, and a key."""


class IdempotencyKey(Model):
    """The answer given to a member's request under a key of theirs, kept 30 days."""

    id = fields.BigIntField(primary_key=True)
    member_id = fields.IntField()
    method = fields.CharField(max_length=10)
    path = fields.CharField(max_length=400)
    key = fields.CharField(max_length=LONGEST_KEY)
    request_hash = fields.BinaryField()
    status = fields.SmallIntField(null=True)
    answer = fields.BinaryField(null=True)
    at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "idempotency_key"
        indexes = [("at",)]
        constraints = [
            UniqueConstraint(fields=("member_id", "method", "path", "key"), name="idempotency_key_once"),
            CheckConstraint(check="(status IS NULL) = (answer IS NULL)", name="idempotency_key_answered"),
        ]


class _Discard(Exception):
    """Carries an answer that is not kept out of the transaction that it undoes."""

    def __init__(self, response: Response) -> None:
        self.response = response


async def answer_once(
    request: Request, viewer: Viewer, key: str, handler: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Run `handler` once for this key. A replay gets the kept answer, another body raises KeyReused.

    Two requests at once with one key: the second waits on the first's row. Only a 2xx is kept.
    """
    if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid({"Idempotency-Key": [_("La clé doit tenir en 1 à 200 caractères lisibles.")]})
    claim = (viewer.id, request.method, request.url.path[:400], key)
    digest = hashlib.sha256(await request.body()).digest()
    try:
        return await _answered(request, claim, digest, handler)
    except _Discard as discarded:
        return discarded.response


@again
async def _answered(
    request: Request, claim: Claim, digest: bytes, handler: Callable[[Request], Awaitable[Response]]
) -> Response:
    # The handler's verbs stand in this transaction: where it is undone, they all begin anew.
    async with in_transaction():
        row_id = await _claim(claim, digest)
        if row_id is None:
            return await _replay(claim, digest)
        response = await handler(request)
        await _keep(row_id, response)
        return response


async def _claim(claim: Claim, digest: bytes) -> int | None:
    row = await fetch_one(
        """INSERT INTO idempotency_key (member_id, method, path, key, request_hash, at)
           VALUES ($1, $2, $3, $4, $5, now())
           ON CONFLICT (member_id, method, path, key) DO NOTHING RETURNING id""",
        *claim,
        digest,
    )
    return row["id"] if row else None


async def _keep(row_id: int, response: Response) -> None:
    if not 200 <= response.status_code < 300:
        raise _Discard(response)
    await execute(
        "UPDATE idempotency_key SET status = $2, answer = $3 WHERE id = $1",
        row_id,
        response.status_code,
        bytes(response.body),
    )


async def _replay(claim: Claim, digest: bytes) -> Response:
    row = await fetch_one(
        """SELECT request_hash, status, answer FROM idempotency_key
           WHERE member_id = $1 AND method = $2 AND path = $3 AND key = $4""",
        *claim,
    )
    if row is None or row["request_hash"] != digest:
        raise KeyReused
    headers = {"cache-control": "no-store"}
    return Response(row["answer"], row["status"], headers, "application/json" if row["answer"] else None)


async def forget_keys(member_id: int) -> None:
    """Forget what was answered to a member."""
    await execute("DELETE FROM idempotency_key WHERE member_id = $1", member_id)


def schedules() -> dict[str, tuple[timedelta, Callable[[dict[str, Any]], Awaitable[None]]]]:
    """Names of regular jobs: how often, and what."""
    return {"http.forget_keys": (timedelta(days=1), _forget_old_keys)}


async def _forget_old_keys(_payload: dict[str, Any]) -> None:
    await execute("DELETE FROM idempotency_key WHERE at < now() - $1 * interval '1 day'", KEPT_DAYS)
