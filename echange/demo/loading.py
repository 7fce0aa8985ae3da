"""The town written down: COPY into an empty database, in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Final, TypeAlias

import asyncpg
from argon2 import PasswordHasher

from echange.database.fitness import DatabaseUnfit
from echange.demo import annonces, circles, helping, lending, people, talks
from echange.demo.annonces import Annonce
from echange.demo.neighbours import NEIGHBOURS, PASSWORD
from echange.demo.people import Place, Row, Skill
from echange.members import furnish

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
FEWEST_MEMBERS: Final = len(NEIGHBOURS)
# Tables whose ids we choose; the sequences go on after them.
NUMBERED: Final = (
    "member", "organisation", "ad", "conversation", "ledger_transfer", "help", "exchange", "helper_group",
    "rota_slot", "shift", "mandate",
)  # fmt: skip
# What writers would change under us while the town is being made.
HELD: Final = (
    "member, organisation, ad, conversation, help, exchange, ledger_account, ledger_transfer, ledger_entry"
)
# The same hash for everybody and every town; the password is public anyway.
SALT: Final = b"fontenay-sous-bois"
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
MOST_TALKS: Final = (0.6, 4)
"""Conversations for each annonce, and for each member, whichever is less."""


class TownInhabited(DatabaseUnfit):
    """People live here already: the demo town only moves into an empty one."""


async def load(url: str, *, members: int, ads: int, seed: int) -> None:
    """Fill a migrated, empty database. Raises TownInhabited."""
    await furnish(url)
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        async with connection.transaction():
            await _make(connection, max(members, FEWEST_MEMBERS), ads, seed)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _make(connection: Connection, members: int, ads: int, seed: int) -> None:
    await connection.execute(f"LOCK TABLE {HELD} IN SHARE ROW EXCLUSIVE MODE")
    if await connection.fetchval("SELECT EXISTS (SELECT FROM member)"):
        raise TownInhabited(
            "Des habitants ont déjà un compte ici : la ville d’essai veut une base de données vide."
        )
    place = await _look_around(connection)
    copy = _Copy(connection)
    everybody = people.move_in(members, place, _dice(seed, "people"))
    offers = await _write_people(connection, copy, everybody, place, _dice(seed, "words"))
    neighbourly = await helping.plan(connection, everybody, offers, place, _dice(seed, "hours"))
    told = _Remembered(
        annonces.annonces(ads, everybody, place, _dice(seed, "annonces")), _share(ads, members)
    )
    await copy("ad", annonces.COLUMNS, (annonces.row(ad, place.now) for ad in told))
    await copy("closure", ("outcome", "at", "by_id", "ad_id"), told.closures)
    spoken = talks.talks(
        int(min(ads * MOST_TALKS[0], members * MOST_TALKS[1])),
        told.kept,
        everybody,
        place,
        _dice(seed, "talks"),
        neighbourly.talks(),
    )
    await _write_talks(copy, spoken, place.first["conversation"])
    await _write_circles(copy, everybody, place, place.first["conversation"] + len(spoken))
    await copy("answer", talks.QUEUE_COLUMNS, talks.queue_rows(told.kept, everybody))
    await _promise_and_keep(connection)
    about = {talk.exchange: number for number, talk in enumerate(spoken, place.first["conversation"])}
    await helping.write(connection, copy, neighbourly, everybody, place, about)
    await lending.write(connection, everybody, place, _dice(seed, "lending"))
    for table in NUMBERED:
        await _go_on_after(connection, table)


def _dice(seed: int, what: str) -> Random:
    # One for each thing: more annonces do not change who lives here.
    return Random(f"{seed} {what}")  # noqa: S311 — a game, no secret


async def _look_around(connection: Connection) -> Place:
    quartiers = await connection.fetch("SELECT slug, id FROM quartier ORDER BY position")
    skills = await connection.fetch("SELECT id, key, name, field FROM skill ORDER BY key")
    first = {table: await connection.fetchval(f"SELECT nextval('{table}_id_seq')") for table in NUMBERED}
    return Place(
        quartiers={row["slug"]: row["id"] for row in quartiers},
        skills=[Skill(**row) for row in skills],
        first=first,
        now=datetime.now(UTC).replace(microsecond=0),
    )


class _Copy:
    """COPY into one table after the other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __call__(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        await self._connection.copy_records_to_table(table, columns=list(columns), records=rows)


async def _write_people(
    connection: Connection, copy: _Copy, everybody: Sequence[people.Person], place: Place, chance: Random
) -> dict[int, list[int]]:
    """What each of them offers, by ids."""
    password_hash = HASHER.hash(PASSWORD, salt=SALT)
    # Their welcome hours moved on the day they came: see helping.py.
    await connection.execute("ALTER TABLE member DISABLE TRIGGER member_is_welcomed")
    await copy("member", people.MEMBER_COLUMNS, people.member_rows(everybody, password_hash, chance))
    await connection.execute("ALTER TABLE member ENABLE TRIGGER member_is_welcomed")
    skills = list(people.skill_rows(everybody, place, chance))
    await copy("member_skill", people.SKILL_COLUMNS, skills)
    await copy("staff_role", ("member_id", "role"), people.role_rows(everybody))
    await copy("verification", ("at", "by_id", "member_id"), people.verification_rows(everybody))
    await copy("cooptation", ("at", "by_id", "member_id"), people.cooptation_rows(everybody, chance))
    await copy("organisation", people.ORGANISATION_COLUMNS, people.organisation_rows(place))
    await copy(
        "membership",
        ("role", "member_id", "organisation_id"),
        people.membership_rows(everybody, place, chance),
    )
    return people.offers_in(skills)


async def _write_talks(copy: _Copy, spoken: Sequence[talks.Talk], first: int) -> None:
    tables: tuple[tuple[str, Sequence[str], Callable[[Sequence[talks.Talk], int], Iterator[Row]]], ...] = (
        ("conversation", talks.CONVERSATION_COLUMNS, talks.conversation_rows),
        ("participant", talks.PARTICIPANT_COLUMNS, talks.participant_rows),
        ("event", talks.EVENT_COLUMNS, talks.event_rows),
        ("answer", talks.ANSWER_COLUMNS, talks.answer_rows),
        ("notice", talks.NOTICE_COLUMNS, talks.notice_rows),
    )
    for table, columns, rows in tables:
        await copy(table, columns, rows(spoken, first))


async def _write_circles(copy: _Copy, everybody: Sequence[people.Person], place: Place, first: int) -> None:
    await copy(
        "conversation", circles.CONVERSATION_COLUMNS, circles.conversation_rows(everybody, place, first)
    )
    await copy("participant", circles.PARTICIPANT_COLUMNS, circles.participant_rows(everybody, place, first))
    await copy("event", circles.EVENT_COLUMNS, circles.event_rows(everybody, place, first))


class _Remembered:
    """Annonces on their way to the table; what comes after needs only some of them."""

    def __init__(self, ads: Iterable[Annonce], share: int) -> None:
        self._ads = ads
        self._share = share
        self.kept: list[Annonce] = []
        self.closures: list[Row] = []

    def __iter__(self) -> Iterator[Annonce]:
        for ad in self._ads:
            if ad.story or ad.id % self._share == 0:
                self.kept.append(ad)
            if ad.closed_at:
                self.closures.append((ad.outcome, ad.closed_at, ad.owner.id, ad.id))
            yield ad


def _share(ads: int, members: int) -> int:
    # One annonce in so many is talked about: a million of them need not stay in memory.
    return max(1, ads // (members * 5))


async def _promise_and_keep(connection: Connection) -> None:
    """Alice has promised her jars to Charlie, and keeps what Bob lends and offers in sight."""
    await connection.execute(
        """INSERT INTO reservation (at, by_id, ad_id, answer_id, accepted_at)
           SELECT now() - interval '40 minutes', d.owner_id, d.id, a.id, now() - interval '38 minutes'
           FROM answer a JOIN ad d ON d.id = a.ad_id JOIN member m ON m.id = a.member_id
           WHERE m.handle = 'charlie' AND d.title = 'Trente pots à confiture vides, avec couvercles'"""
    )
    await connection.execute(
        """INSERT INTO favourite (ad_id, member_id)
           SELECT d.id, alice.id FROM ad d JOIN member o ON o.id = d.owner_id, member alice
           WHERE o.handle IN ('bob', 'redoute') AND d.listed AND alice.handle = 'alice' LIMIT 4"""
    )


async def _go_on_after(connection: Connection, table: str) -> None:
    await connection.execute(
        f"""SELECT setval('{table}_id_seq', greatest(max(id), (SELECT last_value FROM {table}_id_seq)))
            FROM {table}"""  # noqa: S608 — our own table names
    )
