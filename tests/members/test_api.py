"""Members as JSON, exactly as told."""

import httpx
import pytest

from tests.neighbours import Town


async def test_me(alice: httpx.AsyncClient, town: Town) -> None:
    assert (await alice.get("/api/v1/me")).json() == {
        "id": town["alice"], "name": "Alice Morel", "kind": "resident", "acting_for": None,
        "roles": [], "unread": 0, "balance_minutes": 120, "behalf": None,
    }  # fmt: skip


async def test_somebody_signed_out_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.json()["code"] == "signed_out"


@pytest.mark.parametrize("token", ["wrong", "", "a" * 5000, "é"])
async def test_a_token_that_is_not_good_is_refused(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.get("/api/v1/members", headers={b"authorization": f"Bearer {token}".encode()})
    assert answer.status_code in {200, 401} if not token else answer.status_code == 401


async def test_members_are_listed_by_skill_name_and_quartier(client: httpx.AsyncClient, town: Town) -> None:
    async def ids(query: str) -> list[int]:
        return [one["id"] for one in (await client.get(f"/api/v1/members?{query}")).json()["items"]]

    assert await ids("skill=couture") == [town["alice"]]
    assert await ids("skill=Coudre") == [town["alice"]]
    assert await ids("skill=inconnu") == []
    assert await ids("q=traore") == [town["bob"]]
    assert await ids("q=solene") == [town["moderatrice"]]
    assert await ids("quartier=les-larris") == [town["alice"]]
    assert len(await ids("kind=resident")) == len(town.ids)
    assert (await client.get("/api/v1/members?kind=robot")).status_code == 422


async def test_a_member_as_json_has_no_address(client: httpx.AsyncClient, town: Town) -> None:
    answer = await client.get(f"/api/v1/members/{town['alice']}")
    body = answer.json()
    assert body["name"] == "Alice Morel"
    assert body["quartier"] == "Les Larris"
    assert [one["name"] for one in body["offers"]] == ["Couture", "Tricot", "Confitures"]
    assert body["url"] == "/membres/alice"
    everything = answer.text + (await client.get("/api/v1/members?limit=100")).text
    assert "@" not in everything


@pytest.mark.parametrize("identifier", ["999999", "0", "-1", "abc", "99999999999999"])
async def test_nobody_has_an_unknown_number(client: httpx.AsyncClient, town: Town, identifier: str) -> None:
    answer = await client.get(f"/api/v1/members/{identifier}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
