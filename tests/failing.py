"""A database that undoes what is written, as it does in a deadlock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from echange.database import execute


@asynccontextmanager
async def failing(table: str, when: str, code: str, times: int = 1_000_000) -> AsyncIterator[None]:
    """So many rows that are written to this table `when` they are such fail with this SQLSTATE."""
    for statement in (
        f"CREATE SEQUENCE public.failures MAXVALUE {times + 1} CYCLE",
        f"""CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                -- A sequence goes on counting when what is written is undone.
                IF nextval('public.failures') <= {times} THEN
                    RAISE EXCEPTION 'undone' USING ERRCODE = '{code}';
                END IF;
                RETURN NEW;
            END $$""",
        f"""CREATE TRIGGER fails BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.{when})
            EXECUTE FUNCTION public.fail()""",
    ):
        await execute(statement)
    try:
        yield
    finally:
        for statement in (
            f"DROP TRIGGER fails ON {table}", "DROP FUNCTION public.fail()", "DROP SEQUENCE public.failures",
        ):  # fmt: skip
            await execute(statement)
