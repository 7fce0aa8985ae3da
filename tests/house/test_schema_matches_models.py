"""The migrations and the models tell the same schema: PostgreSQL itself compares the two.

A second database is made from the models alone; what PostgreSQL then says of both must be equal, but for
what only SQL can say, which is listed here.
"""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg
import pytest
from tortoise import Model, Tortoise
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.utils import get_schema_sql

from echange.database import connection as orm_connection
from tests.conftest import administer, on

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Facts: TypeAlias = dict[str, set[tuple[Any, ...]]]

# Written and read by hand: the log, the migrations' own book, the queue of jobs.
RAW_TABLES: Final = {
    "booking_allocation",
    "booking_closure",
    "booking_event",
    "booking_holding",
    "booking_model",
    "booking_opening",
    "booking_site",
    "booking_unit",
    "event",
    "facet_count",
    "hours_note",
    "known_word",
    "ledger_account",
    "ledger_entry",
    "ledger_seal",
    "ledger_sealing",
    "ledger_transfer",
    "message_words",
    "migration",
    "pgqueuer",
    "pgqueuer_log",
    "pgqueuer_statistics",
    "pgqueuer_schedules",
    "presence",
    "server_process",
}
# Kept by the database alone.
RAW_COLUMNS: Final = {
    ("ad", "search"),
    ("ad", "title_words"),
    ("ad", "listed"),
    ("item", "search"),
    ("member", "account_id"),
    ("member", "away"),
    ("organisation", "account_id"),
    ("organisation", "away"),
}
# The web kit, the ledger and the calendars know no activity: numbers where tables have references.
RAW_FOREIGN_KEYS: Final = {
    ("idempotency_key", "FOREIGN KEY (member_id) REFERENCES member(id) ON DELETE CASCADE"),
    ("item", "FOREIGN KEY (model_id) REFERENCES booking_model(id) ON DELETE RESTRICT"),
    ("lender", "FOREIGN KEY (site_id) REFERENCES booking_site(id) ON DELETE RESTRICT"),
    ("place", "FOREIGN KEY (site_id) REFERENCES booking_site(id) ON DELETE RESTRICT"),
    ("unit", "FOREIGN KEY (id) REFERENCES booking_unit(id) ON DELETE RESTRICT"),
    ("exchange", "FOREIGN KEY (transfer_id) REFERENCES ledger_transfer(id) ON DELETE RESTRICT"),
    ("member", "FOREIGN KEY (hours_left_to_id) REFERENCES organisation(id) ON DELETE SET NULL"),
    ("member", "FOREIGN KEY (account_id) REFERENCES ledger_account(id) ON DELETE RESTRICT"),
    ("organisation", "FOREIGN KEY (account_id) REFERENCES ledger_account(id) ON DELETE RESTRICT"),
}
# Partial, on expressions, or of another method than B-tree.
RAW_INDEXES: Final = {
    "ad_draft", "ad_expiring", "ad_held", "ad_search",
    "ad_listed", "ad_listed_category", "ad_listed_kind", "ad_listed_quartier",
    "ad_listed_photo", "ad_title_words",
    "member_email", "member_email_once", "notice_unread",
    "organisation_rna_once", "organisation_siret_once",
    "exchange_disputed", "exchange_moving", "exchange_once", "exchange_one_proposal", "exchange_transfer",
    "help_expiring", "help_open",
    "ledger_account_one_town", "ledger_transfer_about", "mandate_one_at_a_time",
    "member_account_once", "organisation_account_once",
    "shift_signup_once",
    "item_listed", "item_search", "lender_site", "loan_booking_once", "loan_held", "loan_lender_running",
    "loan_once",
    "waiter_line", "waiter_once",
    "ad_queue", "report_open", "reservation_due", "reservation_meeting", "reservation_one_at_a_time",
}  # fmt: skip

COLUMNS: Final = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           CASE WHEN a.attidentity <> '' THEN 'numbered' ELSE pg_get_expr(d.adbin, d.adrelid) END
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped"""
CONSTRAINTS: Final = """
    SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND k.contype NOT IN ('n', 't')"""
INDEXES: Final = """
    SELECT c.relname, i.relname, pg_get_indexdef(i.oid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype <> 'f')"""


@pytest.fixture
async def of_models(postgres: str, orm: None) -> AsyncIterator[Raw]:
    """A database made from the models."""
    name = f"models_{os.urandom(6).hex()}"
    await administer(postgres, f"CREATE DATABASE {name}")
    raw = await asyncpg.connect(on(postgres, name))
    try:
        await raw.execute(get_schema_sql(orm_connection(), safe=False))
        for model in _models():
            for constraint in model._meta.constraints:
                await raw.execute(f"ALTER TABLE {model._meta.db_table} ADD {_clause(constraint)}")
        yield raw
    finally:
        await raw.close()
        await administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _models() -> list[type[Model]]:
    return list(Tortoise.apps["echange"].values())


def _clause(constraint: object) -> str:
    if isinstance(constraint, CheckConstraint):
        return f"CONSTRAINT {constraint.name} CHECK ({constraint.check})"
    assert isinstance(constraint, UniqueConstraint)
    return f"CONSTRAINT {constraint.name} UNIQUE ({', '.join(constraint.fields)})"


async def test_the_same_tables(of_models: Raw, connection: Raw) -> None:
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    modelled = {row[0] for row in await of_models.fetch(tables)}
    migrated = {row[0] for row in await connection.fetch(tables)}
    assert migrated - modelled == RAW_TABLES & migrated
    assert modelled - migrated == set()


async def test_the_same_columns(of_models: Raw, connection: Raw) -> None:
    _same(await _columns(connection), await _columns(of_models))


async def _columns(raw: Raw) -> Facts:
    born_now = {
        (model._meta.db_table, name)
        for model in _models()
        for name, field in model._meta.fields_map.items()
        if getattr(field, "auto_now_add", False)
    }
    facts: Facts = {}
    for table, name, kind, filled, default in await raw.fetch(COLUMNS):
        if table in RAW_TABLES or (table, name) in RAW_COLUMNS:
            continue
        said = default and ("numbered" if "nextval" in default or default == "numbered" else _plain(default))
        # The ORM gives these instants itself; the table does so for hand-written SQL.
        said = "now" if (table, name) in born_now else said
        facts.setdefault(table, set()).add((name, kind, filled, said))
    return facts


async def test_the_same_constraints(of_models: Raw, connection: Raw) -> None:
    _same(await _constraints(connection), await _constraints(of_models))


async def _constraints(raw: Raw) -> Facts:
    named = {constraint.name for model in _models() for constraint in model._meta.constraints}
    facts: Facts = {}
    for table, name, kind, definition in await raw.fetch(CONSTRAINTS):
        if table not in RAW_TABLES and (table, definition) not in RAW_FOREIGN_KEYS:
            # The names our code knows must be these very names; the others are PostgreSQL's choice.
            known = name if name in named or kind == "c" else ""
            facts.setdefault(table, set()).add((kind, known, _plain(definition)))
    return facts


async def test_the_same_indexes(of_models: Raw, connection: Raw) -> None:
    _same(await _indexes(connection), await _indexes(of_models))


async def _indexes(raw: Raw) -> Facts:
    facts: Facts = {}
    for table, name, definition in await raw.fetch(INDEXES):
        if table not in RAW_TABLES and name not in RAW_INDEXES:
            facts.setdefault(table, set()).add((definition.replace(f" {name} ", " "),))
    return facts


async def test_the_listed_exceptions_do_exist(connection: Raw) -> None:
    there = {row[1] for row in await connection.fetch(INDEXES)}
    assert there >= RAW_INDEXES
    assert {(row[0], row[1]) for row in await connection.fetch(COLUMNS)} >= RAW_COLUMNS
    assert {(row[0], row[3]) for row in await connection.fetch(CONSTRAINTS)} >= RAW_FOREIGN_KEYS


async def test_every_foreign_key_is_found_by_an_index(connection: Raw) -> None:
    without = await connection.fetch(
        """SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
           JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
           WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND NOT EXISTS (
               SELECT FROM pg_index x
               WHERE x.indrelid = k.conrelid AND x.indkey[0] = k.conkey[1] AND x.indpred IS NULL)"""
    )
    assert [tuple(row) for row in without] == []


async def test_a_forgotten_column_or_constraint_would_be_noticed(of_models: Raw, connection: Raw) -> None:
    # Taken back: other tests go on with these tables.
    async with rolled_back(connection):
        await connection.execute("ALTER TABLE ad DROP CONSTRAINT ad_titled, ADD COLUMN forgotten integer")
        for facts in (_columns, _constraints):
            with pytest.raises(AssertionError, match=r"ad: .*(forgotten|ad_titled)"):
                _same(await facts(connection), await facts(of_models))


@asynccontextmanager
async def rolled_back(connection: Raw) -> AsyncIterator[None]:
    changes = connection.transaction()
    await changes.start()
    try:
        yield
    finally:
        await changes.rollback()


def _plain(expression: str) -> str:
    # "'fr'::character varying" and "'fr'::text" say the same.
    return re.sub(r"::[a-z]+(?: varying)?(?:\[\])?", "", expression)


def _same(migrated: Facts, modelled: Facts) -> None:
    differences = [
        f"{table}: {where} only: {fact}"
        for table in sorted(migrated.keys() | modelled.keys())
        for where, one, other in (("migrations", migrated, modelled), ("models", modelled, migrated))
        for fact in sorted(one.get(table, set()) - other.get(table, set()), key=str)
    ]
    assert not differences, "\n".join(differences)
