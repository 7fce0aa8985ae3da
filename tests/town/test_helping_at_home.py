"""Mutual aid on the front page: what waits, what one holds, who needs a hand, and for whom the staff look."""

from datetime import timedelta
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.database import execute
from echange.mutual_aid.models import ShiftSignup
from tests.exchanges.twos import for_another, proposed, somebody
from tests.mutual_aid.helps import asked
from tests.mutual_aid.rotas import in_days, on_rota
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_who_passes_by_reads_who_needs_a_hand_and_how_many_hours_moved(
    client: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    assert "On demande un coup de main" not in (await client.get("/")).text, "nobody asks"
    aid = await asked(town, title="Porter une commode")
    await connection.execute(
        """INSERT INTO exchange (title, state, minutes, declared_minutes, declared_by_id, settled_minutes,
                                 settled_at, giver_id, receiver_id, proposed_by_id)
           SELECT 'Ourlet', 'settled', 90, 90, $1, 90, now() - age, $1, $2, $1
           FROM unnest(ARRAY[interval '3 days', interval '40 days']) age""",
        town["alice"],
        town["bob"],
    )
    page = (await client.get("/")).text
    assert "Porter une commode" in page
    assert f'href="{aid.url}"' in page
    assert "Alice Morel" not in page, "signed out, first names only"
    assert '<strong class="figure">1\u00a0h\u00a030</strong>' in page, "only those of the last thirty days"


async def test_a_proposal_waits_for_the_one_who_answers_only(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    exchange = await proposed(town)
    page = (await alice.get("/")).text
    assert "Bob Traoré vous propose 1\u00a0h\u00a030." in page
    assert f'href="{exchange.url}"' in page
    for other in (bob, charlie):
        assert exchange.url not in (await other.get("/")).text


async def test_each_step_of_an_exchange_has_its_line(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    exchange = await proposed(town)
    api = f"/api/v1/exchanges/{exchange.id}"
    assert (await alice.post(f"{api}/acceptance")).status_code == 200
    assert exchange.url not in (await bob.get("/")).text, "nothing to do before the day"
    await execute("UPDATE exchange SET moved_at = now() - interval '2 days' WHERE id = $1", exchange.id)
    assert "Dites combien de temps" in (await bob.get("/")).text
    assert (await bob.post(f"{api}/declaration", json={"minutes": 60})).status_code == 200
    assert "Bob Traoré a noté 1\u00a0h." in (await alice.get("/")).text
    assert exchange.url not in (await bob.get("/")).text
    assert (await alice.post(f"{api}/confirmation", json={})).status_code == 200
    assert "Un mot de merci" in (await alice.get("/")).text
    assert "Un mot de merci" not in (await bob.get("/")).text
    assert (await alice.post(f"{api}/thanks", json={"text": "Un grand merci."})).status_code in {200, 201}
    assert exchange.url not in (await alice.get("/")).text


async def test_many_exchanges_do_not_hide_what_else_waits(alice: httpx.AsyncClient, town: Town) -> None:
    for number in range(6):
        await proposed(town, title=f"Travail {number}")
    page = (await alice.get("/")).text
    assert "3 autres échanges vous attendent" in page.replace("\u00a0", " ")
    assert 'href="/echanges"' in page


async def test_under_a_mandate_it_is_said_for_whom(bob: httpx.AsyncClient, town: Town) -> None:
    await proposed(town, by=somebody(town, "charlie"), giver_id=town["charlie"])
    acting = await for_another(town, "bob", "alice")
    await execute("UPDATE mandate SET agreed_at = now()")
    assert "Pour Alice Morel" not in (await bob.get("/")).text
    assert acting.behalf is not None
    worn = await bob.put("/api/v1/me/mandate", json={"mandate": acting.behalf.mandate_id})
    assert worn.status_code in {200, 204}, worn.text
    assert "Pour Alice Morel" in (await bob.get("/")).text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(120, "De quoi demander un coup de main."), (0, "autant que reçu"), (-90, "reçu plus que donné")],
)
async def test_what_one_holds_is_told_in_words(
    alice: httpx.AsyncClient, town: Town, connection: Raw, minutes: int, words: str
) -> None:
    await connection.execute(
        """SELECT move_minutes('gift', 'test', ARRAY[a.account_id, b.account_id],
                               ARRAY[$3 - x.balance, x.balance - $3], '', NULL, NULL)
           FROM member a, member b, ledger_account x
           WHERE a.id = $1 AND b.id = $2 AND x.id = a.account_id AND x.balance <> $3""",
        town["alice"],
        town["bob"],
        minutes,
    )
    page = (await alice.get("/")).text
    assert words in page
    assert 'href="/temps"' in page


async def test_ones_own_request_is_not_news_but_that_of_a_neighbour_is(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    await asked(town, title="Porter une commode")
    assert "Porter une commode" not in (await alice.get("/")).text
    assert "Porter une commode" in (await bob.get("/")).text


async def test_a_shift_is_announced_the_day_before_and_one_proposed_at_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    tomorrow = in_days(1)
    _aid, _slot, shifts = await on_rota(town, weekday=tomorrow.weekday(), first_day=tomorrow)
    next_week = shifts[1]
    await ShiftSignup.create(shift_id=shifts[0].id, member_id=town["bob"])
    await ShiftSignup.create(shift_id=next_week.id, member_id=town["bob"])
    await connection.execute(
        "INSERT INTO shift_offer (shift_id, member_id, by_id) VALUES ($1, $2, $3)",
        next_week.id,
        town["charlie"],
        town["alice"],
    )
    page = (await bob.get("/")).text
    assert "Vous êtes attendu" in page
    assert shifts[0].url in page
    assert next_week.url not in page, "next week is far"
    page = (await charlie.get("/")).text
    assert "On vous propose" in page
    assert next_week.url in page
    assert "Vous êtes attendu" not in (await alice.get("/")).text
    await connection.execute("UPDATE shift SET cancelled_at = now()")
    assert "Vous êtes attendu" not in (await bob.get("/")).text


async def test_moderators_see_disagreements_and_neighbours_do_not(
    solene: httpx.AsyncClient, nadia: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    exchange = await proposed(town)
    await execute(
        """UPDATE exchange SET state = 'disputed', disputed_at = now(), declared_minutes = 60,
                  declared_by_id = giver_id WHERE id = $1""",
        exchange.id,
    )
    assert "1 désaccord à trancher" in (await solene.get("/")).text.replace("\u00a0", " ")
    for other in (nadia, alice):
        assert "à trancher" not in (await other.get("/")).text


async def test_the_desk_sees_what_nobody_answers_and_whom_to_call(
    nadia: httpx.AsyncClient, solene: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    assert "sans réponse" not in (await nadia.get("/")).text
    aid = await asked(town, title="Lire le journal")
    await connection.execute(
        """UPDATE help SET vouched_at = now() - $2::interval, widened_at = now(), staff_told_at = now()
           WHERE id = $1""",
        aid.id,
        timedelta(days=4),
    )
    await connection.execute(
        """WITH kept AS (
               INSERT INTO member (handle, name, sort_key, email, confirmed_at, kept_by_desk)
               VALUES ('odette', 'Odette Joly', 'odette joly', '', now(), true) RETURNING id)
           INSERT INTO notice (kind, data, link, member_id)
           SELECT 'exchange_accepted', '{"name": "Bob", "title": "Lire"}', '/echanges/1', id FROM kept"""
    )
    page = (await nadia.get("/")).text.replace("\u00a0", " ")
    assert "1 demande sans réponse" in page
    assert "1 personne à appeler" in page
    assert 'href="/administration/entraide"' in page
    assert 'href="/administration/a-dire"' in page
    page = (await solene.get("/")).text
    assert "sans réponse" not in page
    assert "à appeler" not in page


@pytest.mark.parametrize("path", ["/", "/annonces", "/comment-ca-marche"])
async def test_mutual_aid_and_its_proof_are_within_reach_everywhere(
    client: httpx.AsyncClient, path: str
) -> None:
    page = (await client.get(path)).text
    assert 'href="/entraide"' in page
    assert 'href="/temps/preuve"' in page


async def test_hours_are_explained_in_plain_words_in_both_languages(client: httpx.AsyncClient) -> None:
    page = (await client.get("/comment-ca-marche")).text
    assert "Une heure vaut une heure" in page
    assert "Ce n’est pas de l’argent" in page
    assert "jamais effacé ni changé" in (await client.get("/confidentialite")).text
    assert "travail dissimulé" in (await client.get("/cgu")).text
    client.cookies.set("locale", "en")
    assert "never erased nor changed" in (await client.get("/confidentialite")).text
    assert "undeclared work" in (await client.get("/cgu")).text
