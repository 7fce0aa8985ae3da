"""Thanks, skills practised and hours of somebody, read and removed by programmes."""

import httpx

from echange.database import execute
from echange.exchanges.models import Thanks
from tests.exchanges.twos import settled, somebody
from tests.neighbours import Town


async def test_thanks_are_read_removed_by_their_subject_and_put_back(
    orm: None, town: Town, client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    thanks = await Thanks.give(await settled(town), by=somebody(town, "alice"), words="Merci !")
    address = f"/api/v1/members/{town['bob']}/thanks"
    read = (await client.get(address)).json()
    assert [(one["words"], one["by"]) for one in read["items"]] == [("Merci !", "Alice")]
    assert (read["given_minutes"], read["received_minutes"]) == (None, None)
    assert (await bob.get(address)).json()["given_minutes"] == 90
    assert (await alice.delete(f"/api/v1/thanks/{thanks.id}")).status_code == 404
    assert (await client.delete(f"/api/v1/thanks/{thanks.id}")).status_code in {401, 403}
    for _ in range(2):
        assert (await bob.delete(f"/api/v1/thanks/{thanks.id}")).status_code == 204
    assert (await client.get(address)).json()["items"] == []
    assert (await bob.put(f"/api/v1/thanks/{thanks.id}")).status_code == 204
    assert len((await client.get(address)).json()["items"]) == 1


async def test_who_is_not_to_be_met_has_no_thanks_to_read(
    orm: None, town: Town, client: httpx.AsyncClient
) -> None:
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    assert (await client.get(f"/api/v1/members/{town['bob']}/thanks")).status_code == 404
