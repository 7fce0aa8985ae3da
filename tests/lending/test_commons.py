"""What associations and places lend, as portals of commons read it: by their schemas, nothing of members."""

from datetime import datetime
from typing import Any

import httpx

from echange.booking import Opening, Period, set_openings
from echange.lending import Lender
from echange.places import Place
from tests.lending.asking import ask, in_days, window
from tests.lending.things import kit, lent, redoute, somebody
from tests.neighbours import Town

Client = httpx.AsyncClient
Shape = dict[str, type]
PATH = "/api/v1/commons"
# What commons-api.schema.json 0.1.0 requires, with the types it gives.
PROJECT: Shape = {"name": str, "url": str}
THING: Shape = {"id": str, "name": str, "url": str, "availability": list}
SLOT: Shape = {"start": str, "end": str, "location_id": str, "available": bool}
OWNER: Shape = {"name": str}
FEATURE: Shape = {"type": str, "properties": dict, "geometry": dict}
SPOT: Shape = {"name": str, "uid": str}


def fits(told: dict[str, Any], schema: Shape) -> bool:
    return all(isinstance(told[name], kind) for name, kind in schema.items())


async def commons(client: Client, part: str = "") -> dict[str, Any]:
    answer = await client.get(PATH + part)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def forge(town: Town) -> Lender:
    place = await Place.make(
        by=somebody(town, "concierge", "concierge"), name="La Forge", address="12 rue du Four"
    )
    return await Lender.of(place_id=place.id)


async def test_the_document_is_as_its_schema_asks(client: Client, town: Town) -> None:
    await lent(town, "Table pliante", units=3, body="Pour six.")
    drill = await lent(town, "Perceuse", by="concierge", lender=await forge(town))
    told = await commons(client)
    assert fits(told["project"], PROJECT)
    assert {one["name"] for one in told["items"]} == {"Table pliante", "Perceuse"}
    spots = {one["properties"]["uid"] for one in told["locations"]["features"]}
    assert told["locations"]["type"] == "FeatureCollection"
    for feature in told["locations"]["features"]:
        assert fits(feature, FEATURE)
        assert fits(feature["properties"], SPOT)
        assert feature["geometry"] == {"type": "Point", "coordinates": [2.4769, 48.8519]}
    for one in told["items"]:
        assert fits(one, THING)
        assert one["owner_uid"] in told["owners"]
        assert one["url"].startswith("http://127.0.0.1:8000/prets/")
        assert one["availability"]
        for slot in one["availability"]:
            assert fits(slot, SLOT)
            assert slot["location_uid"] in spots
            assert slot["status"] == ("available" if slot["available"] else "booked")
            assert datetime.fromisoformat(slot["start"]) < datetime.fromisoformat(slot["end"])
    assert all(fits(owner, OWNER) for owner in told["owners"].values())
    forged = next(one for one in told["items"] if one["id"] == str(drill.id))
    place = next(
        one["properties"]
        for one in told["locations"]["features"]
        if one["properties"]["uid"] == forged["availability"][0]["location_uid"]
    )
    assert (place["name"], place["address"]) == ("La Forge", "12 rue du Four")


async def test_nothing_of_a_member_is_told(alice: Client, bob: Client, client: Client, town: Town) -> None:
    await lent(town, "Échelle", by="bob")
    shared = await lent(town, "Table pliante")
    await lent(town, "Brouillon", publish=False)
    gone = await lent(town, "Retirée")
    await gone.withdraw(by=somebody(town, "redoute"))
    lender = await Lender.get(organisation_id=(await redoute(town)).id)
    await Lender.filter(id=lender.id).update(address="3 rue Cachée")
    await ask(alice, shared.id, purpose="Anniversaire de Lucie")
    for part in ("", "/projects", "/owners", "/locations", "/items", "/availability"):
        text = (await client.get(PATH + part)).text
        hidden = ("Échelle", "Bob", "Alice", "Lucie", "Cachée", "Brouillon", "Retirée", "null")
        assert [word for word in hidden if word in text.replace('"geometry":null', "")] == []


async def test_what_is_told_free_can_be_booked_and_what_is_taken_is_told(
    alice: Client, client: Client, town: Town
) -> None:
    item = await lent(town, "Table pliante")
    await ask(alice, item.id, **window(2, 5))
    [one] = (await commons(client))["items"]
    taken = [slot for slot in one["availability"] if not slot["available"]]
    assert any(slot["start"] <= in_days(4).replace("+00:00", "Z") <= slot["end"] for slot in taken)
    free = next(slot for slot in one["availability"] if slot["available"])
    await ask(alice, item.id, start=free["start"], end=free["end"])


async def test_slots_keep_opening_hours(client: Client, town: Town) -> None:
    lender = await forge(town)
    await set_openings(lender.site_id, [Opening(day, 540, 720) for day in range(7)])
    await lent(town, "Salle du haut", by="concierge", lender=lender, kind="room")
    [one] = (await commons(client))["items"]
    periods = [
        Period(datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"]))
        for slot in one["availability"]
    ]
    assert len(periods) >= 20
    assert max(period.end - period.start for period in periods).total_seconds() <= 3 * 3600


async def test_a_kit_stands_beside_its_parts(client: Client, town: Town) -> None:
    tables = await lent(town, units=4)
    party = await kit(town, "Fête", (tables, 2))
    told = await commons(client)
    assert {one["id"] for one in told["items"]} == {str(tables.id), str(party.id)}
    await tables.withdraw(by=somebody(town, "redoute"))


async def test_the_five_documents_of_commonsbooking_agree(client: Client, town: Town) -> None:
    await lent(town, "Table pliante")
    [project] = (await commons(client, "/projects"))["projects"]
    [owner] = (await commons(client, "/owners"))["owners"]
    [spot] = (await commons(client, "/locations"))["locations"]["features"]
    [one] = (await commons(client, "/items"))["items"]
    times = (await commons(client, "/availability"))["availability"]
    assert (one["projectId"], one["ownerId"]) == (project["id"], owner["id"])
    assert times
    assert {(time["itemId"], time["locationId"]) for time in times} == {(one["id"], spot["properties"]["id"])}


async def test_an_empty_town_has_a_document_too(client: Client, town: Town) -> None:
    told = await commons(client)
    assert (told["items"], told["owners"], told["locations"]["features"]) == ([], {}, [])
