"""Organisations checked by the desk, and what loses the sign."""

import httpx
import pytest

from echange.http import NotAllowed
from echange.members.models import Organisation
from echange.members.models.organisation import NumberTaken, OwnOrganisation
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home, seen
from tests.neighbours import Town


async def test_the_desk_verifies_and_says_who_and_when(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, client: httpx.AsyncClient,
    connection: Connection, redoute: Home, town: Town,
) -> None:  # fmt: skip
    assert "À vérifier (1)" in plain((await nadia.get("/associations")).text)
    assert (await keeper.post(f"{redoute.url}/verification")).status_code == 403
    assert "W941002617" in (await nadia.get(f"{redoute.url}/verification")).text
    assert (await nadia.post(f"{redoute.url}/verification")).status_code == 303
    await connection.execute("UPDATE organisation SET verified_at = '2026-03-12 10:00+01'")
    page = plain((await client.get(redoute.url)).text)
    assert "Vérifiée par La Forge (Nadia P.), 12 mars 2026" in page
    assert "a vérifié" in plain((await keeper.get("/avis")).text)

    empty = await nadia.post(f"{redoute.url}/verification/retrait", data={})
    assert empty.status_code == 422
    await nadia.post(f"{redoute.url}/verification/retrait", data={"reason": "Dissoute en mai"})
    assert "Vérifiée par" not in (await client.get(redoute.url)).text
    assert "Dissoute en mai" in (await keeper.get("/avis")).text
    acts = await connection.fetch("SELECT what, about_id, by_id FROM staff_act ORDER BY id")
    assert [tuple(act) for act in acts] == [
        ("organisation_verified", redoute.id, town["concierge"]),
        ("organisation_unverified", redoute.id, town["concierge"]),
    ]


async def test_two_verified_organisations_never_share_a_number(
    nadia: httpx.AsyncClient, orm: None, connection: Connection, redoute: Home, town: Town
) -> None:
    twin = await Organisation.found(
        by=seen(town, "bob"), kind="association", name="Fêtes bis", rna="W941002617"
    )
    await nadia.post(f"{redoute.url}/verification")
    answer = await nadia.post(f"{twin.url}/verification")
    assert answer.status_code == 422
    assert "porte déjà ce numéro" in answer.text
    with pytest.raises(NumberTaken):
        await twin.verify(by=seen(town, "concierge", "concierge"))
    assert await connection.fetchval("SELECT count(*) FROM staff_act") == 1


async def test_without_a_number_or_for_ones_own_nothing_is_verified(
    nadia: httpx.AsyncClient, orm: None, town: Town, connection: Connection
) -> None:
    hers = await Organisation.found(
        by=seen(town, "concierge"), kind="association", name="Chœur", rna="W941234567"
    )
    with pytest.raises(OwnOrganisation):
        await hers.verify(by=seen(town, "concierge", "concierge"))
    with pytest.raises(NotAllowed):
        await hers.verify(by=seen(town, "alice"))
    bare = await Organisation.found(by=seen(town, "bob"), kind="professional", name="Au bon pain")
    answer = await nadia.post(f"{bare.url}/verification")
    assert answer.status_code == 422
    assert "Il faut d’abord son numéro" in plain(answer.text)


async def test_another_name_or_number_loses_the_sign_another_phrase_does_not(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    await nadia.post(f"{redoute.url}/verification")
    path = f"/api/v1/organisations/{redoute.id}"
    assert (await keeper.patch(path, json={"headline": "On fête"})).json()["verified_at"] is not None
    assert (await keeper.patch(path, json={"rna": "W941002617"})).json()["verified_at"] is not None
    assert (await keeper.patch(path, json={"name": "Les Fêtes"})).json()["verified_at"] is None
    assert (await keeper.patch(path, json={"about": None})).json()["about"] == "On fête."
