"""What to mind: work that can hurt, and one's own trade done again and again."""

import httpx
import pytest

from echange.database import execute, fetch_value
from echange.members import fold
from echange.mutual_aid.warnings import is_risky, trade_note, trades_of
from tests.mutual_aid.helps import Connection, told
from tests.neighbours import Town


@pytest.mark.parametrize(
    "text",
    [
        "Nettoyer mes gouttières",
        "Changer une ampoule, j’ai l’échelle",
        "Refaire la toiture du cabanon",
        "L’ÉLECTRICITÉ de la cuisine",
        "Brancher des plaques électriques",
        "Couper un arbre à la tronçonneuse",
        "Changer le tuyau de gaz",
        "Purger la chaudière",
        "Un élagage",
    ],
)
def test_risky_work_is_known_by_its_words(text: str) -> None:
    assert is_risky(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lire une lettre",
        "Promener le chien",
        "Régler les freins d’un vélo électrique",
        "Accorder un piano électrique",
        "Une gazette de quartier à plier",
        "Un gazouillis à enregistrer",
        "",
    ],
)
def test_quiet_work_is_left_in_peace(text: str) -> None:
    assert not is_risky(text)


async def give(town: Town, times: int, *, skill: str = "Couture", minutes: int = 60, ago: int = 30) -> None:
    skill_id = await fetch_value("SELECT id FROM skill WHERE key = $1", fold(skill))
    for _ in range(times):
        await execute(
            """INSERT INTO exchange (title, state, minutes, declared_minutes, declared_by_id, settled_minutes,
                   settled_at, giver_id, receiver_id, proposed_by_id, skill_id)
               VALUES ('Un ourlet', 'settled', $3, $3, $1, $3, now() - $4 * interval '1 day',
                   $1, $2, $1, $5)""",
            town["bob"],
            town["alice"],
            minutes,
            ago,
            skill_id,
        )


async def offer(town: Town, level: int | None, skill: str = "Couture") -> None:
    await execute("DELETE FROM member_skill WHERE member_id = $1", town["bob"])
    await execute(
        """INSERT INTO member_skill (member_id, skill_id, wanted, level)
           SELECT $1, id, false, $2 FROM skill WHERE key = $3""",
        town["bob"],
        level,
        fold(skill),
    )


async def test_ones_trade_given_five_times_in_a_year_brings_a_plain_note(orm: None, town: Town) -> None:
    await offer(town, 3)
    await give(town, 4)
    assert await trade_note(town["bob"]) == ""
    await give(town, 1)
    assert await trades_of(town["bob"]) == ["Couture"]
    assert "travail dissimulé" in await trade_note(town["bob"])


async def test_honest_neighbours_read_no_note(orm: None, town: Town) -> None:
    await offer(town, 2)
    await give(town, 9)
    assert await trade_note(town["bob"]) == "", "good at it, but not their trade"
    await offer(town, 3, skill="Tricot")
    assert await trade_note(town["bob"]) == "", "their trade is another one"
    assert await trade_note(town["alice"]) == "", "who receives does nothing wrong"


async def test_what_is_old_or_offered_does_not_count(orm: None, town: Town) -> None:
    await offer(town, 3)
    await give(town, 4)
    await give(town, 5, ago=400)
    await give(town, 5, minutes=0)
    assert await trade_note(town["bob"]) == ""


async def test_the_note_stands_beside_the_proposal_of_whom_it_concerns(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient,
    connection: Connection, town: Town,
) -> None:  # fmt: skip
    help_id = await told(alice, title="Un ourlet")
    await offer(town, 3)
    await give(town, 5)
    assert "travail dissimulé" in (await bob.get(f"/entraide/{help_id}")).text
    assert "travail dissimulé" not in (await charlie.get(f"/entraide/{help_id}")).text
