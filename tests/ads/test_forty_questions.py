"""Words find what neighbours mean: forty questions over sixty annonces."""

import asyncpg
import pytest

from echange.ads.searching import Search, find
from tests.ads.forty_questions import ADS, QUESTIONS, Asked
from tests.neighbours import Town


async def test_forty_questions_find_what_they_mean(
    orm: None, town: Town, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.executemany(
        """INSERT INTO ad (kind, category, title, body, owner_id, quartier_id, published_at)
           VALUES ($1, $2, $3, $4, $5, $6, now())""",
        [(ad.kind, ad.category, ad.title, ad.body, town["alice"], 1) for ad in ADS.values()],
    )
    wrong = [complaint for asked in QUESTIONS for complaint in await _complaints(asked)]
    assert not wrong, "\n".join(wrong)


def test_the_corpus_is_as_large_as_it_says() -> None:
    known = set(ADS)
    assert len(ADS) >= 60
    assert len(QUESTIONS) >= 40
    for asked in QUESTIONS:
        assert known >= {*asked.found.split(), *asked.refused.split(), *asked.first.split()}, asked
        assert asked.found or asked.nothing


async def _complaints(asked: Asked) -> list[str]:
    titles = {ad.title: key for key, ad in ADS.items()}
    answer = await find(Search(asked.words), 60)
    keys = [titles[ad.title] for ad in answer.ads]
    told = f"« {asked.words} » found {keys}"
    complaints = [f"{told}, without {key}" for key in asked.found.split() if key not in keys]
    complaints += [f"{told}, with {key}" for key in asked.refused.split() if key in keys]
    first = asked.first.split()
    if sorted(keys[: len(first)]) != sorted(first):
        complaints.append(f"{told}, not first {first}")
    if asked.nothing and keys:
        complaints.append(f"{told}, where there is nothing")
    return complaints


@pytest.mark.parametrize(
    ("written", "meant"),
    [("vlo", "vélo"), ("perseuse", "perceuse"), ("pousette", "poussette"), ("ordinnateur", "ordinateur")],
)
async def test_a_slip_of_the_finger_is_read_as_the_nearest_word(
    orm: None, town: Town, connection: "asyncpg.Connection[asyncpg.Record]", written: str, meant: str
) -> None:
    await connection.execute(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at)
           SELECT 'give', title, $1, 1, now()
           FROM unnest(ARRAY['Vélo', 'Perceuse', 'Poussette', 'Ordinateur', 'Vase']) title""",
        town["alice"],
    )
    answer = await find(Search(written), 10)
    assert (answer.meant, len(answer.ads)) == (meant, 1)
    exact = await find(Search(written), 10, exactly=True)
    assert (exact.meant, len(exact.ads)) == (written, 0)


async def test_words_of_drafts_and_held_annonces_are_never_suggested(
    orm: None, town: Town, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at, held_at)
           VALUES ('give', 'Secrétaire', $1, 1, NULL, NULL), ('give', 'Paravent', $1, 1, now(), now())""",
        town["alice"],
    )
    assert await connection.fetchval("SELECT count(*) FROM known_word") == 0
    await connection.execute("UPDATE ad SET held_at = NULL")
    assert [row[0] for row in await connection.fetch("SELECT word FROM known_word")] == ["paravent"]
