"""Organisations checked by the desk, and what loses the sign."""

import asyncio
import re

import httpx
import pytest

from echange.http import NotAllowed
from echange.members.models import Organisation
from echange.members.models.organisation import NumberTaken, OwnOrganisation
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home, seen
from tests.neighbours import Town

READ = {"name": "Les Fêtes de la Redoute", "rna": "W941002617"}


async def test_the_desk_verifies_and_says_who_and_when(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, client: httpx.AsyncClient,
    connection: Connection, redoute: Home, town: Town,
) -> None:  # fmt: skip
    assert "À vérifier (1)" in plain((await nadia.get("/associations")).text)
    assert (await keeper.post(f"{redoute.url}/verification")).status_code == 403
    assert "W941002617" in (await nadia.get(f"{redoute.url}/verification")).text
    assert (await nadia.post(f"{redoute.url}/verification", data=READ)).status_code == 303
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
    await nadia.post(f"{redoute.url}/verification", data=READ)
    answer = await nadia.post(f"{twin.url}/verification", data={"name": "Fêtes bis", "rna": "W941002617"})
    assert answer.status_code == 422
    assert "porte déjà ce numéro" in answer.text
    with pytest.raises(NumberTaken):
        await twin.verify(
            by=seen(town, "concierge", "concierge"), name="Fêtes bis", rna="W941002617", siret=""
        )
    assert await connection.fetchval("SELECT count(*) FROM staff_act") == 1


async def test_without_a_number_or_for_ones_own_nothing_is_verified(
    nadia: httpx.AsyncClient, orm: None, town: Town, connection: Connection
) -> None:
    hers = await Organisation.found(
        by=seen(town, "concierge"), kind="association", name="Chœur", rna="W941234567"
    )
    with pytest.raises(OwnOrganisation):
        await hers.verify(by=seen(town, "concierge", "concierge"), name="Chœur", rna="W941234567", siret="")
    with pytest.raises(NotAllowed):
        await hers.verify(by=seen(town, "alice"), name="Chœur", rna="W941234567", siret="")
    bare = await Organisation.found(by=seen(town, "bob"), kind="professional", name="Au bon pain")
    answer = await nadia.post(f"{bare.url}/verification", data={"name": "Au bon pain"})
    assert answer.status_code == 422
    assert "Il faut d’abord son numéro" in plain(answer.text)


async def test_another_name_or_number_loses_the_sign_another_phrase_does_not(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    await nadia.post(f"{redoute.url}/verification", data=READ)
    path = f"/api/v1/organisations/{redoute.id}"
    assert (await keeper.patch(path, json={"headline": "On fête"})).json()["verified_at"] is not None
    assert (await keeper.patch(path, json={"rna": "W941002617"})).json()["verified_at"] is not None
    assert (await keeper.patch(path, json={"name": "Les Fêtes"})).json()["verified_at"] is None
    assert (await keeper.patch(path, json={"about": None})).json()["about"] == "On fête."


async def test_what_changed_since_it_was_read_is_not_verified_but_shown_again(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    shown = (await nadia.get(f"{redoute.url}/verification")).text
    read = dict(re.findall(r'<input type="hidden" name="(name|rna|siret)" value="([^"]*)">', shown))
    assert read == READ
    path = f"/api/v1/organisations/{redoute.id}"
    for change in (
        {"name": "Les Fêtes du Roi"},
        {"rna": "W941999999"},
        {"rna": "", "siret": "73282932000074"},
    ):
        await keeper.patch(path, json=change)
        refused = await nadia.post(f"{redoute.url}/verification", data=read)
        assert refused.status_code == 422
        assert "vient de changer" in refused.text
        assert (await nadia.put(f"{path}/verification", json=read)).json()["code"] == "changed_meanwhile"
        assert await connection.fetchval("SELECT verified_at FROM organisation") is None
        assert await connection.fetchval("SELECT count(*) FROM staff_act") == 0
        read = dict(
            re.findall(r'<input type="hidden" name="(name|rna|siret)" value="([^"]*)">', refused.text)
        )
    assert read == {"name": "Les Fêtes du Roi", "siret": "73282932000074"}
    assert (await nadia.post(f"{redoute.url}/verification", data=read)).status_code == 303
    assert await connection.fetchval("SELECT verified_at FROM organisation") is not None


async def test_what_is_not_said_to_have_been_read_is_not_verified(
    nadia: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    assert (await nadia.post(f"{redoute.url}/verification")).status_code == 422
    assert (await nadia.put(f"/api/v1/organisations/{redoute.id}/verification")).status_code == 422
    assert await connection.fetchval("SELECT verified_at FROM organisation") is None


async def test_verified_or_renamed_at_the_same_time_the_sign_never_stands_on_an_unread_name(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    path = f"/api/v1/organisations/{redoute.id}"
    for name in ("Les Rois", "Les Fêtes de la Redoute", "Les Rois"):
        await connection.execute("UPDATE organisation SET verified_at = NULL, name = $1", READ["name"])
        await asyncio.gather(
            nadia.post(f"{redoute.url}/verification", data=READ), keeper.patch(path, json={"name": name})
        )
        row = await connection.fetchrow("SELECT name, verified_at FROM organisation")
        assert row is not None
        assert row["verified_at"] is None or row["name"] == READ["name"]
