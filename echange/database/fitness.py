"""Can this PostgreSQL carry échange? Asked before migrating, answered in one line."""

from typing import Final

import asyncpg

OLDEST: Final = 16
EXTENSIONS: Final = ("unaccent", "pg_trgm", "btree_gist")
PATIENCE: Final = 5.0


class DatabaseUnfit(Exception):
    """No usable PostgreSQL; the message is one French line for whoever starts échange."""


async def check_server(url: str) -> None:
    """Raise DatabaseUnfit when the server is away, older than PostgreSQL 16, or lacks an extension."""
    try:
        raw = await asyncpg.connect(url, timeout=PATIENCE)
    except (OSError, TimeoutError) as error:
        raise DatabaseUnfit(f"PostgreSQL ne répond pas à {_shown(url)}.") from error
    except asyncpg.PostgresError as error:
        raise DatabaseUnfit(f"PostgreSQL refuse la connexion à {_shown(url)} : {error}.") from error
    except (ValueError, asyncpg.InterfaceError) as error:
        raise DatabaseUnfit(f"ECHANGE_DATABASE_URL n’est pas une adresse PostgreSQL : {error}.") from error
    try:
        _check_version(raw.get_server_version().major)
        await _check_extensions(raw)
    finally:
        await raw.close(timeout=PATIENCE)


def _check_version(major: int) -> None:
    if major < OLDEST:
        raise DatabaseUnfit(f"PostgreSQL {major} est trop ancien : il faut la version {OLDEST} au moins.")


async def _check_extensions(raw: asyncpg.Connection) -> None:
    rows = await raw.fetch("SELECT name FROM pg_available_extensions WHERE name = ANY($1)", list(EXTENSIONS))
    missing = sorted(set(EXTENSIONS) - {row["name"] for row in rows})
    if missing:
        raise DatabaseUnfit(
            f"Il manque à PostgreSQL : {', '.join(missing)} (sous Debian, le paquet postgresql-contrib)."
        )


def _shown(url: str) -> str:
    """The address without what precedes the @: a password has no place on a screen."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
