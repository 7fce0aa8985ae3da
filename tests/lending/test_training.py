"""Trainings: told by a lender, given to neighbours, asked for by machines."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from echange.http import NotAllowed, NotFound
from echange.http.dates import now, today
from echange.http.viewer import Behalf, Viewer
from echange.lending.models import Trained, Training
from echange.lending.models.training import TrainingClosed
from echange.lending.training import has_training, trainings_of, wanted_by
from echange.members import Block, OutOfScope
from tests.lending.things import association_lender, lent, somebody
from tests.mutual_aid.helps import Connection
from tests.mutual_aid.helps import notices as told
from tests.neighbours import Town

API = "/api/v1/trainings"


async def laser(town: Town, **said: Any) -> Training:
    return await Training.define(
        await association_lender(town), by=somebody(town, "redoute"), name="Découpe laser", **said
    )


async def test_a_lender_gives_a_training_and_whoever_has_it_is_told(
    orm: None, connection: Connection, town: Town
) -> None:
    training = await laser(town)
    await training.give(town["alice"], by=somebody(town, "redoute"))
    await training.give(town["alice"], by=somebody(town, "redoute"))
    assert await has_training(training.id, town["alice"])
    assert not await has_training(training.id, town["bob"])
    assert await told(connection, "training_given") == [town["alice"]]
    assert [one.lender for one in await trainings_of(town["alice"])] == ["Les Fêtes de la Redoute"]
    await training.take_back(town["alice"], by=somebody(town, "redoute"))
    await training.take_back(town["alice"], by=somebody(town, "redoute"))
    assert not await has_training(training.id, town["alice"])
    assert await told(connection, "training_taken_back") == [town["alice"]]


async def test_nobody_else_gives_it(orm: None, town: Town) -> None:
    training = await laser(town)
    alice = somebody(town, "alice")
    with pytest.raises(NotAllowed):
        await training.give(town["alice"], by=alice)
    with pytest.raises(NotAllowed):
        await training.close(by=alice)
    with pytest.raises(NotAllowed):
        await Training.define(await association_lender(town), by=alice, name="À moi")
    behalf = Behalf(town["redoute"], "R", 1, frozenset({"lending"}))
    helper = Viewer(id=town["bob"], name="Bob", handle="bob", confirmed=True, behalf=behalf)
    with pytest.raises(OutOfScope):
        await training.give(town["bob"], by=helper)
    assert await Trained.all().count() == 0


async def test_it_is_not_given_to_whom_one_cannot_meet(orm: None, town: Town) -> None:
    training = await laser(town)
    with pytest.raises(NotFound):
        await training.give(987654, by=somebody(town, "redoute"))
    await Block.create(by_id=town["bob"], member_id=town["redoute"])
    keeper = Viewer(
        id=town["redoute"], name="R", handle="redoute", confirmed=True, unseen=frozenset({town["bob"]})
    )
    with pytest.raises(NotFound):
        await training.give(town["bob"], by=keeper)


async def test_it_ends_on_its_day(orm: None, town: Town) -> None:
    training = await laser(town)
    given = await training.give(town["alice"], by=somebody(town, "redoute"), until=now() - timedelta(hours=1))
    assert not await has_training(training.id, town["alice"])
    assert [one.over for one in await trainings_of(town["alice"])] == [True]
    await training.give(town["alice"], by=somebody(town, "redoute"))
    assert await has_training(training.id, town["alice"])
    assert (await Trained.get(id=given.id)).until is None


async def test_one_that_is_closed_is_given_no_more_and_kept_by_who_has_it(orm: None, town: Town) -> None:
    training, keeper = await laser(town), somebody(town, "redoute")
    await training.give(town["alice"], by=keeper)
    await training.close(by=keeper)
    with pytest.raises(TrainingClosed):
        await training.give(town["bob"], by=keeper)
    assert await has_training(training.id, town["alice"])
    await training.reopen(by=keeper)
    await training.give(town["bob"], by=keeper)


async def test_a_machine_says_which_training_it_wants_and_how_to_ask(
    orm: None, town: Town, alice: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection
) -> None:
    training = await laser(town, words="Le mardi, deux heures.")
    machine = await lent(town, "Graveuse", kind="machine", training_id=training.id)
    page = (await alice.get(machine.url)).text
    assert "Il faut la formation «\u00a0Découpe laser\u00a0»" in page
    assert "Le mardi, deux heures." in page
    answer = await alice.post(f"/prets/{machine.id}/formation")
    assert answer.status_code == 303
    thread = (await alice.get(answer.headers["location"])).text
    assert "j’aimerais suivre la formation «\u00a0Découpe laser\u00a0»" in thread
    assert (await client.post(f"/prets/{machine.id}/formation")).status_code == 303
    start, end = now() + timedelta(days=1), now() + timedelta(days=1, hours=1)
    body = {"start": start.isoformat(), "end": end.isoformat()}
    refused = await alice.post(f"/api/v1/items/{machine.id}/reservations", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "training_needed")
    await training.give(town["alice"], by=somebody(town, "redoute"))
    wanted = await wanted_by(machine, somebody(town, "alice"))
    assert wanted is not None
    assert wanted.has
    assert (await alice.post(f"/api/v1/items/{machine.id}/reservations", json=body)).status_code == 201
    assert "Demander cette formation" not in (await alice.get(machine.url)).text
    drill = await lent(town, "Perceuse")
    assert (await alice.post(f"/prets/{drill.id}/formation")).status_code == 404


async def test_the_lender_keeps_its_trainings_on_their_pages(
    orm: None, town: Town, keeper: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    lender = await association_lender(town)
    path = f"/prets/preteur/{lender.id}/formations"
    assert (await keeper.get(path)).status_code == 200
    refused = await keeper.post(path, data={"name": "x", "words": "Deux heures"})
    assert refused.status_code == 422
    assert "Deux heures" in refused.text
    answer = await keeper.post(path, data={"name": "Tour à bois"})
    one = answer.headers["location"]
    assert (await keeper.get(one)).status_code == 200
    for who in ("alice", "@alice", "http://127.0.0.1:8000/membres/alice"):
        assert (await keeper.post(f"{one}/personnes", data={"who": who})).status_code == 303
    assert "/membres/alice" in (await keeper.get(one)).text
    wrong = await keeper.post(f"{one}/personnes", data={"who": "Zébulon"})
    assert wrong.status_code == 422
    assert "Personne ne s’appelle ainsi" in wrong.text
    past = (today() - timedelta(days=1)).isoformat()
    wrong = await keeper.post(f"{one}/personnes", data={"who": "alice", "until": past})
    assert wrong.status_code == 422
    assert (await keeper.post(f"{one}/personnes/{town['alice']}/retrait")).status_code == 303
    assert "/membres/alice" not in (await keeper.get(one)).text
    assert (await keeper.post(f"{one}/fermeture")).status_code == 303
    assert "plus donnée" in (await keeper.get(one)).text
    for address in (path, one):
        assert (await alice.get(address)).status_code == 404
        assert (await alice.post(address, data={"name": "Piratée"})).status_code == 404
    assert (await alice.post(f"{one}/personnes", data={"who": "alice"})).status_code == 404


async def test_several_of_one_name_are_told_apart(
    orm: None, town: Town, keeper: httpx.AsyncClient, connection: Connection
) -> None:
    await connection.execute(
        "UPDATE member SET name = 'Camille Four', sort_key = 'camille four' WHERE id = ANY($1::int[])",
        [town["alice"], town["bob"]],
    )
    lender, training = await association_lender(town), await laser(town)
    path = f"/prets/preteur/{lender.id}/formations/{training.id}/personnes"
    asked = await keeper.post(path, data={"who": "Camille"})
    assert asked.status_code == 422
    assert f'value="{town["bob"]}"' in asked.text
    assert (await keeper.post(path, data={"who": "Camille", "member": town["bob"]})).status_code == 303
    assert await has_training(training.id, town["bob"])
    assert not await has_training(training.id, town["alice"])


async def test_mine_stand_on_the_page_of_my_loans(orm: None, town: Town, alice: httpx.AsyncClient) -> None:
    training = await laser(town)
    assert "Mes formations" not in (await alice.get("/moi/prets")).text
    await training.give(town["alice"], by=somebody(town, "redoute"))
    assert "Découpe laser" in (await alice.get("/moi/prets")).text


async def test_programs_do_the_same(
    orm: None, town: Town, keeper: httpx.AsyncClient, alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    lender = await association_lender(town)
    made = await keeper.post(API, json={"lender": lender.id, "name": "Tour à bois"})
    assert made.status_code == 201, made.text
    one = f"{API}/{made.json()['id']}"
    assert (await alice.post(API, json={"lender": lender.id, "name": "Non"})).status_code == 403
    assert (await alice.post(API, json={"lender": 987654, "name": "Non"})).status_code == 404
    given = await keeper.post(f"{one}/members", json={"member": town["alice"], "until": "2030-01-31"})
    assert (given.status_code, given.json()["until"]) == (201, "2030-01-31")
    assert (await alice.post(f"{one}/members", json={"member": town["bob"]})).status_code == 403
    assert (await alice.get(f"{one}/members")).status_code == 403
    assert [item["id"] for item in (await keeper.get(f"{one}/members")).json()["items"]] == [town["alice"]]
    mine = (await alice.get(API)).json()["items"]
    assert [(item["name"], item["has"], item["until"]) for item in mine] == [
        ("Tour à bois", True, "2030-01-31")
    ]
    assert (await client.get(API)).status_code == 401
    for somebody_, has in ((keeper, False), (alice, True)):
        listed = (await somebody_.get(f"{API}?lender={lender.id}")).json()["items"]
        assert [(item["name"], item["has"]) for item in listed] == [("Tour à bois", has)]
    assert (await keeper.patch(one, json={"name": "Tour"})).json()["name"] == "Tour"
    assert (await keeper.delete(f"{one}/members/{town['alice']}")).status_code == 204
    assert (await alice.get(API)).json()["items"] == []
    assert (await keeper.delete(one)).status_code == 204
    assert (await client.get(one)).json()["closed"] is True
