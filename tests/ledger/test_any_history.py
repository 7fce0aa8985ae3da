"""Whatever is moved, refused, undone or closed, in any order: the books hold."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar

import asyncpg
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from echange import ledger
from echange.database import execute, fetch, in_transaction
from echange.http.refusals import KeyReused, Refusal
from tests.looping import looping

T = TypeVar("T")

LIMITS = ((-60, 120), (0, 60), (None, None), (-600, 3600), (0, None))
MINUTES = st.integers(1, 150)
WHO = st.integers(0, len(LIMITS) - 1)
# A town is small: what many runs before wrote would make each proof slower.
FORGET_EVERY = 25


class Books(RuleBasedStateMachine):
    """Five accounts with limits of their own, beside a model that adds up in plain numbers."""

    loop: asyncio.AbstractEventLoop
    runs = 0
    touched = False

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        self.touched = True
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        type(self).runs += 1
        if self.runs % FORGET_EVERY == 0:
            self.do(forget_all())
        self.accounts = self.do(open_accounts())
        self.held = dict.fromkeys(self.accounts, 0)
        self.moved: list[tuple[int, dict[int, int], str]] = []
        self.undone: set[int] = set()
        self.closed: set[int] = set()
        self.written: set[tuple[int, int, int]] = set()
        self.expected = 0

    @rule(giver=WHO, taker=WHO, third=WHO, minutes=MINUTES, shared=st.integers(0, 20))
    def move(self, giver: int, taker: int, third: int, minutes: int, shared: int) -> None:
        legs: dict[int, int] = {}
        for who, part in ((giver, -minutes - shared), (taker, minutes), (third, shared)):
            legs[self.accounts[who]] = legs.get(self.accounts[who], 0) + part
        legs = {account: part for account, part in legs.items() if part}
        if legs:
            self._try(legs, f"{self.runs} {len(self.moved)} {minutes}")

    @rule(data=st.data())
    def say_again(self, data: st.DataObject) -> None:
        if self.moved:
            transfer, legs, key = data.draw(st.sampled_from(self.moved))
            moved = self.do(ledger.move("gift", legs, key=key))
            assert (moved.id, moved.fresh) == (transfer, False)
            doubled = {account: part * 2 for account, part in legs.items()}
            with pytest.raises(KeyReused):
                self.do(ledger.move("gift", doubled, key=key))

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if not self.moved:
            return
        transfer, legs, _key = data.draw(st.sampled_from(self.moved))
        back = {account: -part for account, part in legs.items()}
        allowed = transfer not in self.undone and self._allowed(back)
        try:
            self.do(ledger.reverse(transfer, key=f"undo {transfer}" if allowed else f"undo no {transfer}"))
        except Refusal:
            assert not allowed
        else:
            assert allowed
            self.undone.add(transfer)
            self._book(back)

    @rule(who=WHO)
    def close(self, who: int) -> None:
        account = self.accounts[who]
        try:
            self.do(ledger.close(account))
        except Refusal:
            assert self.held[account] != 0
        else:
            assert self.held[account] == 0
            self.closed.add(account)

    @rule()
    def seal(self) -> None:
        self.do(execute("SELECT seal_transfers(1000)"))

    @invariant()
    def the_books_hold(self) -> None:
        if not self.touched:
            return
        rows = self.do(look_at(self.accounts))
        self.touched = False
        assert {account: balance for account, balance, _entries in rows} == self.held
        assert sum(self.held.values()) == 0
        entries = {(row["id"], *entry) for row in rows for entry in row["entries"]}
        assert entries >= self.written
        assert len(entries) == self.expected
        self.written = entries

    def teardown(self) -> None:
        proof = self.do(ledger.prove())
        assert proof.ok, proof

    def _allowed(self, legs: dict[int, int]) -> bool:
        limits = dict(zip(self.accounts, LIMITS, strict=True))
        for account, part in legs.items():
            floor, ceiling = limits[account]
            after = self.held[account] + part
            if account in self.closed or (part < 0 and floor is not None and after < floor):
                return False
            if part > 0 and ceiling is not None and after > ceiling:
                return False
        return True

    def _try(self, legs: dict[int, int], key: str) -> None:
        allowed = self._allowed(legs)
        try:
            moved = self.do(ledger.move("gift", legs, key=key))
        except (ledger.BelowFloor, ledger.AboveCeiling, ledger.AccountClosed):
            assert not allowed
        else:
            assert allowed
            self.moved.append((moved.id, legs, key))
            self._book(legs)

    def _book(self, legs: dict[int, int]) -> None:
        self.expected += len(legs)
        for account, part in legs.items():
            self.held[account] += part


async def open_accounts() -> list[int]:
    """One with each of the limits."""
    rows = await fetch(
        """INSERT INTO ledger_account (kind, floor, ceiling)
           SELECT 'member', floor, ceiling
           FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS one (floor, ceiling, place) ORDER BY place
           RETURNING id""",
        [floor for floor, _ceiling in LIMITS],
        [ceiling for _floor, ceiling in LIMITS],
    )
    return [row["id"] for row in rows]


async def look_at(accounts: list[int]) -> Sequence[asyncpg.Record]:
    """What each holds, and its entries: transfer and minutes."""
    return await fetch(
        """SELECT id, balance, ARRAY(SELECT ARRAY[e.transfer_id, e.minutes] FROM ledger_entry e
                                     WHERE e.account_id = a.id) AS entries
           FROM ledger_account a WHERE id = ANY($1::int[])""",
        accounts,
    )


async def forget_all() -> None:
    async with in_transaction():
        await execute("SET LOCAL session_replication_role = replica")
        for table in ("ledger_seal", "ledger_entry", "ledger_transfer"):
            await execute(f"DELETE FROM {table}")
        await execute("DELETE FROM ledger_account WHERE kind = 'member'")


@pytest.fixture
def loop(postgres: str, janitor: object) -> Iterator[asyncio.AbstractEventLoop]:
    yield from looping(postgres, forget_all)


def test_any_history_of_transfers(loop: asyncio.AbstractEventLoop, request: pytest.FixtureRequest) -> None:
    Books.loop = loop
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=10_000 if request.config.getoption("--long") else 300,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
