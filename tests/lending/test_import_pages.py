"""Taking a list in on the pages and through the API: sent, read again, taken in, by who may alone."""

import json

import httpx

from echange.database import execute
from echange.lending import Item, Unit
from echange.lending.models import LendingImport
from echange.lending.models.importing import forget_old_lists
from tests.lending.test_importing import SNIPE
from tests.lending.things import redoute
from tests.neighbours import Town

Client = httpx.AsyncClient
LIST = "Nom;Code;Exemplaires;Caution\nTable pliante;;8;20\nÉcran;ECR-1;;\nBanc;;zéro;\n"


async def sent(client: Client, text: str, lender: str = "me") -> httpx.Response:
    files = {"file": ("liste.csv", text.encode(), "text/csv")}
    return await client.post("/prets/importer", data={"lender": lender}, files=files)


async def test_a_list_is_sent_read_again_and_taken_in(keeper: Client, town: Town) -> None:
    association = await redoute(town)
    assert 'enctype="multipart/form-data"' in (await keeper.get("/prets/importer")).text
    answer = await sent(keeper, LIST, f"o{association.id}")
    assert answer.status_code == 303
    url = answer.headers["location"]
    page = (await keeper.get(url)).text
    assert "Table pliante" in page
    assert "Ligne 4" in page
    assert not await Item.all().exists(), "nothing is written by looking"
    refused = await keeper.post(url, data={})
    assert refused.status_code == 422
    assert "Des lignes sont à corriger" in refused.text
    taken = await keeper.post(url, data={"good_only": "true"})
    assert (taken.status_code, taken.headers["location"]) == (303, "/moi/materiel")
    assert await Unit.all().count() == 9
    assert {item.state for item in await Item.all()} == {"draft"}
    again = await keeper.post(url, data={"good_only": "true"})
    assert again.status_code == 422
    assert await Unit.all().count() == 9
    assert "C’est fait" in (await keeper.get(url)).text


async def test_columns_are_told_by_who_knows_better(keeper: Client, town: Town) -> None:
    url = (await sent(keeper, "Truc;Machin\nPerceuse;P-1\n")).headers["location"]
    assert "Il manque le nom" in (await keeper.get(url)).text
    told = await keeper.post(f"{url}/colonnes", data={"title": "0", "code": "1"})
    assert told.status_code == 303
    page = (await keeper.get(url)).text
    assert "Perceuse" in page
    assert "P-1" in page
    assert (await keeper.post(url, data={"publish": "true"})).status_code == 303
    assert (await Item.get(title="Perceuse")).state == "published"


async def test_a_list_of_another_program_is_taken_as_it_is(keeper: Client, town: Town) -> None:
    url = (await sent(keeper, SNIPE)).headers["location"]
    assert (await keeper.post(url, data={"good_only": "true"})).status_code == 303
    assert await Unit.filter(code__in=["FR-001", "FR-002"]).count() == 2


async def test_what_is_no_list_is_refused_kindly(keeper: Client, town: Town) -> None:
    files = {"file": ("photo.jpg", b"\xff\xd8\x00\x00", "image/jpeg")}
    answer = await keeper.post("/prets/importer", data={"lender": "me"}, files=files)
    assert answer.status_code == 422
    assert "pas un tableau CSV" in answer.text
    missing = await keeper.post("/prets/importer", data={"lender": "me"})
    assert missing.status_code == 422
    assert "Choisissez votre tableau" in missing.text
    assert (await keeper.post("/prets/importer", data={"lender": "pirate"})).status_code == 422


async def test_a_list_is_nobody_else_s(alice: Client, keeper: Client, client: Client, town: Town) -> None:
    association = await redoute(town)
    url = (await sent(keeper, LIST, f"o{association.id}")).headers["location"]
    assert (await alice.get(url)).status_code == 404
    assert (await alice.post(url, data={"good_only": "true"})).status_code == 404
    assert (await alice.post(f"{url}/colonnes", data={"title": "0"})).status_code == 404
    assert (await client.get(url)).status_code == 303
    assert (await sent(alice, LIST, f"o{association.id}")).status_code in {403, 422}
    assert not await Item.all().exists()
    assert await LendingImport.all().count() == 1


async def test_a_model_to_fill_in_is_read_as_it_is(keeper: Client, town: Town) -> None:
    model = await keeper.get("/prets/importer/modele.csv")
    url = (await sent(keeper, model.content.decode("utf-8-sig"))).headers["location"]
    assert (await keeper.post(url, data={})).status_code == 303
    assert (await Unit.get(code="TAB-001")).note == "Étagère du fond"


async def test_old_lists_are_forgotten(keeper: Client, town: Town) -> None:
    for _n in range(3):
        await sent(keeper, LIST)
    first, second, _third = await LendingImport.all().order_by("id")
    await execute("UPDATE lending_import SET at = now() - interval '25 hours' WHERE id = $1", first.id)
    await execute("UPDATE lending_import SET done_at = now() - interval '2 hours' WHERE id = $1", second.id)
    await forget_old_lists()
    assert await LendingImport.all().count() == 1


async def test_a_program_tries_a_list_before_it_takes_it_in(keeper: Client, town: Town) -> None:
    association = await redoute(town)
    body = {"csv": LIST, "organisation": association.id, "good_only": True}
    tried = (await keeper.post("/api/v1/items/import", json={**body, "dry_run": True})).json()
    assert (tried["done"], tried["items"], tried["units"]) == (False, 2, 9)
    assert [one["line"] for one in tried["wrong"]] == [4]
    assert not await Item.all().exists()
    taken = (await keeper.post("/api/v1/items/import", json=body)).json()
    assert (taken["done"], taken["items"], taken["units"]) == (True, 2, 9)
    again = await keeper.post("/api/v1/items/import", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_take_in")
    assert not await LendingImport.all().exists()


async def test_a_program_is_refused_as_people_are(alice: Client, client: Client, town: Town) -> None:
    association = await redoute(town)
    path = "/api/v1/items/import"
    assert (await alice.post(path, json={"csv": LIST, "organisation": association.id})).status_code == 403
    assert (await alice.post(path, json={"csv": LIST})).json()["code"] == "lines_wrong"
    assert (await alice.post(path, json={"csv": ";" * 150})).json()["code"] == "not_a_sheet"
    for body in ({}, {"csv": ""}, {"csv": "Nom\u0000"}, {"csv": "Nom\ud800"}, {"csv": LIST, "place": 987654}):
        assert (await alice.post(path, content=json.dumps(body))).status_code in {404, 422}
    assert (await client.post(path, json={"csv": LIST})).status_code == 401
    assert not await Item.all().exists()
