"""« Pour moi », the asker's side and the desk, through pages and API."""

import httpx
import pytest
from starlette.applications import Starlette

from echange.mutual_aid.telling import match
from tests.conftest import Doors, let_in, sign_in
from tests.mutual_aid.helps import Connection, notices, told
from tests.mutual_aid.matches import age, at_noon, knows, leak, plumber
from tests.neighbours import Town
from tests.sweeping import Janitor

LEAK = {"title": "Un robinet qui fuit", "skills": ["Plomberie"]}


def plain(page: str) -> str:
    return page.replace("\u00a0", " ").replace("&nbsp;", " ")


async def test_a_neighbour_reads_why_and_puts_aside_and_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await knows(connection, town["bob"])
    nothing = plain((await bob.get("/entraide/pour-moi")).text)
    assert "Rien pour vous, pour l’instant." in nothing
    help_id = await told(alice, quartier="le-plateau", **LEAK)
    page = plain((await bob.get("/entraide/pour-moi")).text)
    assert "Un robinet qui fuit" in page
    assert "vous vous y connaissez en plomberie, c’est dans votre quartier" in page
    assert f'href="/entraide/{help_id}#proposer"' in page
    aside = await bob.post(f"/entraide/{help_id}/pas-pour-moi")
    assert aside.headers["location"] == "/entraide/pour-moi"
    after = plain((await bob.get("/entraide/pour-moi")).text)
    assert "Pourquoi vous" not in after
    assert "Écartés" in after
    assert f'action="/entraide/{help_id}/pour-moi"' in after
    assert "Pas pour vous" in plain((await bob.get(f"/entraide/{help_id}")).text)
    await bob.post(f"/entraide/{help_id}/pour-moi")
    assert "Pourquoi vous" in plain((await bob.get("/entraide/pour-moi")).text)


async def test_the_same_in_json(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await knows(connection, town["bob"])
    help_id = await told(alice, **LEAK)
    found = (await bob.get("/api/v1/helps/matches")).json()
    assert [one["help"]["id"] for one in found["items"]] == [help_id]
    assert found["items"][0]["why"] == ["vous vous y connaissez en plomberie"]
    for _ in range(2):
        assert (await bob.post(f"/api/v1/helps/{help_id}/dismissal")).status_code == 204
    found = (await bob.get("/api/v1/helps/matches")).json()
    assert (found["items"], [one["id"] for one in found["dismissed"]]) == ([], [help_id])
    assert (await bob.delete(f"/api/v1/helps/{help_id}/dismissal")).status_code == 204
    assert len((await bob.get("/api/v1/helps/matches")).json()["items"]) == 1
    own = await alice.post(f"/api/v1/helps/{help_id}/dismissal")
    assert (own.status_code, own.json()["code"]) == (409, "own_help")


async def test_a_stranger_reads_nothing_of_matches(client: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    assert (await client.get("/entraide/pour-moi")).status_code == 303
    assert (await client.get("/api/v1/helps/matches")).status_code == 401
    assert (await bob.post("/entraide/987654/pas-pour-moi")).status_code == 404
    assert (await bob.get("/administration/entraide")).status_code == 403
    assert (await bob.get("/api/v1/helps/unanswered")).status_code == 403


async def test_whoever_asks_sees_how_many_are_told_and_the_two_best(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    help_id = await told(alice, **LEAK)
    assert "Personne encore" in plain((await alice.get(f"/entraide/{help_id}")).text)
    for handle in ("karim", "lise", "yves"):
        await plumber(connection, handle)
    await match(help_id)
    page = plain((await alice.get(f"/entraide/{help_id}")).text)
    assert "3 voisins sont prévenus." in page
    assert page.count("s’y connaît en plomberie et habite ce quartier") == 2
    seen = (await alice.get(f"/api/v1/helps/{help_id}/told")).json()
    assert (seen["count"], len(seen["neighbours"]), seen["widened"]) == (3, 2, False)
    assert (await bob.get(f"/api/v1/helps/{help_id}/told")).status_code == 403
    assert "prévenus" not in plain((await bob.get(f"/entraide/{help_id}")).text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("private_fields = '{quartier}'", "Karim s’y connaît en plomberie."),
        ("private_fields = '{offers}'", ""),
        ("members_only = '{offers,quartier}'", "Karim s’y connaît en plomberie et habite ce quartier."),
        ("paused_at = now()", ""),
    ],
)
async def test_what_somebody_hides_is_no_reason_told_to_others(
    alice: httpx.AsyncClient, connection: Connection, change: str, said: str
) -> None:
    karim = await plumber(connection, "karim")
    await connection.execute(f"UPDATE member SET members_only = '{{}}' WHERE id = {karim}")
    help_id = await told(alice, **LEAK)
    await match(help_id)
    await connection.execute(f"UPDATE member SET {change} WHERE id = {karim}")
    page = plain((await alice.get(f"/entraide/{help_id}")).text)
    assert "1 voisin est prévenu." in page
    told_to_alice = page.partition('id="told-title"')[2].partition("</section>")[0]
    assert (said in told_to_alice.replace("</a>", "")) if said else "Karim" not in told_to_alice


async def test_a_hidden_quartier_alone_names_nobody(alice: httpx.AsyncClient, connection: Connection) -> None:
    karim = await plumber(connection, "karim")
    help_id = await told(alice, title="Porter un canapé")
    await match(help_id)
    assert "Karim" in (await alice.get(f"/entraide/{help_id}")).text
    await connection.execute("UPDATE member SET private_fields = '{quartier}' WHERE id = $1", karim)
    assert "Karim" not in (await alice.get(f"/entraide/{help_id}")).text


async def test_whoever_is_blocked_afterwards_is_named_no_more(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    karim = await plumber(connection, "karim")
    help_id = await told(alice, **LEAK)
    await match(help_id)
    await connection.execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", karim, town["alice"])
    assert "Karim" not in (await alice.get(f"/entraide/{help_id}")).text


async def test_the_desk_finds_somebody_writes_to_them_and_they_come(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await knows(connection, town["bob"])
    aid = await leak(town)
    await connection.execute("UPDATE member SET availability = 1 WHERE id = $1", town["bob"])
    async with Doors(app).open() as nadia:
        await sign_in(nadia, "concierge")
        assert "Aucune demande n’attend." in plain((await nadia.get("/administration/entraide")).text)
        await age(connection, aid, 73)
        await at_noon()
        await at_noon()
        listed = plain((await nadia.get("/administration/entraide")).text)
        assert "Un robinet qui fuit" in listed
        case = f"/administration/entraide/{aid.id}"
        page = plain((await nadia.get(case)).text)
        assert "Bob Traoré" in page
        assert "s’y connaît en plomberie" in page
        nobody = await nadia.post(f"{case}/proposition", data={"words": "Vous seriez parfait."})
        assert nobody.status_code == 422
        assert "Vous seriez parfait." in nobody.text
        await connection.execute("DELETE FROM help_telling")
        sent = await nadia.post(
            f"{case}/proposition", data={"member": str(town["bob"]), "words": "Vous seriez parfait."}
        )
        assert sent.status_code == 303, sent.text
        assert await notices(connection, "help_suggested") == [town["bob"]]
        told_to_bob = plain((await bob.get("/avis")).text)
        assert (
            "La conciergerie pense à vous pour « Un robinet qui fuit », que demande Alice Morel : Vous"
            in told_to_bob
        )
        answer = await bob.post(f"/api/v1/helps/{aid.id}/proposals", json={"words": "J’arrive."})
        assert answer.status_code == 201
        assert "Aucune demande n’attend." in plain((await nadia.get("/administration/entraide")).text)
        assert (await nadia.get(case)).status_code == 303
        late = await nadia.post(f"{case}/cloture", data={"reason": "Réglé."})
        assert late.status_code == 422
        assert "Un voisin vient de se proposer" in plain(late.text)


async def test_the_desk_closes_with_a_reason_and_whoever_asked_opens_it_again(
    app: Starlette, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    aid = await leak(town)
    await age(connection, aid, 73)
    await at_noon()
    await at_noon()
    assert "La conciergerie cherche aussi" in plain((await alice.get(f"/entraide/{aid.id}")).text)
    async with Doors(app).open() as nadia:
        await sign_in(nadia, "concierge")
        path = f"/administration/entraide/{aid.id}/cloture"
        assert (await nadia.post(path, data={"reason": " "})).status_code == 422
        assert (await nadia.post(path, data={"reason": "Le bailleur s’en charge."})).status_code == 303
        again = await nadia.post(f"/api/v1/helps/{aid.id}/desk-closure", json={"reason": "Encore."})
        assert again.status_code == 204, "said twice, it counts once"
    assert await notices(connection, "help_closed") == [town["alice"]]
    assert "Le bailleur s’en charge." in (await alice.get("/avis")).text
    assert (await alice.post(f"/entraide/{aid.id}/reouverture")).status_code == 303
    assert await connection.fetchval("SELECT ended_at FROM help") is None


async def test_whom_the_desk_may_not_write_to(
    app: Starlette, connection: Connection, town: Town, janitor: Janitor
) -> None:
    aid = await leak(town)
    people = {
        name: await plumber(connection, name) for name in ("apart", "young", "weary", "unwilling", "fine")
    }
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", people["apart"], town["alice"]
    )
    await connection.execute("UPDATE member SET minor_until = '2100-01-01' WHERE id = $1", people["young"])
    for _ in range(5):
        await connection.execute("INSERT INTO help_telling (member_id) VALUES ($1)", people["weary"])
    await connection.execute(
        """INSERT INTO help_match (help_id, member_id, reasons, dismissed_at) VALUES ($1, $2, '{}', now())
           ON CONFLICT (help_id, member_id) DO UPDATE SET dismissed_at = now()""",
        aid.id,
        people["unwilling"],
    )
    async with Doors(app).open() as nadia:
        await let_in(nadia, town["concierge"], janitor)

        async def write_to(member: int) -> tuple[int, str]:
            answer = await nadia.post(f"/api/v1/helps/{aid.id}/suggestions", json={"member": member})
            return answer.status_code, "" if answer.status_code == 204 else answer.json()["code"]

        assert await write_to(people["apart"]) == (404, "not_found")
        assert await write_to(people["young"]) == (409, "unavailable")
        assert await write_to(town["alice"]) == (409, "unavailable")
        assert await write_to(people["weary"]) == (409, "told_enough")
        assert await write_to(people["unwilling"]) == (409, "said_no")
        assert await write_to(987654) == (404, "not_found")
        assert await write_to(people["fine"]) == (204, "")
        refused = await nadia.post(
            f"/administration/entraide/{aid.id}/proposition", data={"member": str(people["apart"])}
        )
        assert refused.status_code == 422
    assert await notices(connection, "help_suggested") == [people["fine"]]


async def test_the_desk_also_thinks_of_those_without_a_mailbox(
    app: Starlette, connection: Connection, town: Town, janitor: Janitor
) -> None:
    odile = await plumber(connection, "odile", kept_by_desk=True, email="")
    aid = await leak(town)
    assert await match(aid.id) == 0
    async with Doors(app).open() as nadia:
        await let_in(nadia, town["concierge"], janitor)
        items = (await nadia.get(f"/api/v1/helps/{aid.id}/candidates")).json()["items"]
        assert [(one["neighbour"]["neighbour"]["id"], one["kept_by_desk"]) for one in items] == [
            (odile, True)
        ]


async def test_a_notice_says_who_what_and_why_in_one_sentence(
    bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await knows(connection, town["bob"])
    await connection.execute(
        "UPDATE member SET quartier_id = $1 WHERE id = $2", town.quartiers["les-larris"], town["bob"]
    )
    aid = await leak(town, skills=("Plomberie", "Bricolage"))
    await match(aid.id)
    sentence = (
        "Alice Morel cherche un coup de main, « Un robinet qui fuit » : vous vous y connaissez en "
        "bricolage et plomberie, c’est dans votre quartier"
    )
    assert sentence in plain((await bob.get("/avis")).text)


async def test_nobody_of_the_desk_decides_about_their_own_nor_about_an_offer(
    app: Starlette, bob: httpx.AsyncClient, connection: Connection, town: Town, janitor: Janitor
) -> None:
    await connection.execute("INSERT INTO staff_role (member_id, role) VALUES ($1, 'concierge')", town["bob"])
    own, offer = await told(bob, **LEAK), await told(bob, **{**LEAK, "kind": "offer"})
    suggestion, closure = {"member": str(town["charlie"]), "words": ""}, {"reason": "Je m’en charge."}

    async def refusals(client: httpx.AsyncClient, help_id: int) -> set[int]:
        desk, api = f"/administration/entraide/{help_id}", f"/api/v1/helps/{help_id}"
        answers = [
            await client.get(desk),
            await client.post(f"{desk}/proposition", data=suggestion),
            await client.post(f"{desk}/cloture", data=closure),
            await client.post(f"{api}/suggestions", json={"member": town["charlie"]}),
            await client.post(f"{api}/desk-closure", json=closure),
        ]
        return {answer.status_code for answer in answers}

    assert await refusals(bob, own) == {403}
    async with Doors(app).open() as nadia:
        await let_in(nadia, town["concierge"], janitor)
        assert await refusals(nadia, offer) == {404}
        await connection.execute(
            "UPDATE help SET vouched_at = now() - interval '4 days',"
            " staff_told_at = now(), widened_at = now()"
        )
        listed = (await nadia.get("/api/v1/helps/unanswered")).json()["items"]
        assert [one["help"]["id"] for one in listed] == [own]
        assert (await bob.get("/api/v1/helps/unanswered")).json()["items"] == []
    assert await connection.fetchval("SELECT count(*) FROM help WHERE ended_at IS NULL") == 2
    assert await notices(connection, "help_suggested") == []
