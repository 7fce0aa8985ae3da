"""The rota on its pages, without JavaScript: each state, its words, its way on."""

import httpx
import pytest
from starlette.applications import Starlette

from echange.http.dates import now
from echange.mutual_aid.models import RotaSlot, Shift
from tests.conftest import Doors, let_in
from tests.mutual_aid.helps import Connection, told
from tests.mutual_aid.rotas import in_days
from tests.neighbours import Town
from tests.sweeping import Janitor

SLOT = {"starts": "18 h", "minutes": "1 h", "people": "1", "role": "Calcul"}


def slot(**changes: str) -> dict[str, str]:
    day = in_days(3)
    return {**SLOT, "weekday": str(day.weekday()), "first_day": day.isoformat(), **changes}


async def planned(client: httpx.AsyncClient, **changes: str) -> tuple[int, int]:
    """A help with a rota: its id, and its first shift's."""
    help_id = await told(client, title="Aide aux devoirs")
    answer = await client.post(f"/entraide/{help_id}/planning/nouveau", data=slot(**changes))
    assert answer.status_code == 303, answer.text
    first = await Shift.filter(slot__help_id=help_id).order_by("starts_at").first()
    assert first is not None
    return help_id, first.id


async def page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def does(client: httpx.AsyncClient, path: str, **fields: str) -> str:
    """Post, follow, read."""
    answer = await client.post(path, data=fields)
    assert answer.status_code == 303, answer.text
    return await page(client, answer.headers["location"])


async def test_a_rota_is_told_and_everybody_reads_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    help_id, shift_id = await planned(alice, people="2")
    own = await page(alice, f"/entraide/{help_id}/planning")
    assert "Ajouter un créneau" in own
    assert own.count('<tr class="rota-free">') == 5
    theirs = await page(bob, f"/entraide/{help_id}/planning")
    assert "Je viens" in theirs
    assert "Ajouter un créneau" not in theirs
    assert "/connexion?suite=" in await page(client, f"/entraide/{help_id}/planning")
    assert "Se connecter pour venir" in await page(client, f"/entraide/creneaux/{shift_id}")


async def test_without_a_rota_there_is_a_page_for_its_keeper_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    help_id = await told(alice)
    assert "Pas encore de créneau." in await page(alice, f"/entraide/{help_id}/planning")
    assert (await bob.get(f"/entraide/{help_id}/planning")).status_code == 404
    assert (await bob.get(f"/entraide/{help_id}/planning/nouveau")).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts": "25 h"}, "starts"),
        ({"starts": ""}, "starts"),
        ({"minutes": "2"}, "minutes"),
        ({"people": "0"}, "people"),
        ({"weekday": "7"}, "weekday"),
        ({"first_day": "demain"}, "first_day"),
    ],
)
async def test_a_wrong_slot_is_told_beside_its_field_with_the_words_kept(
    alice: httpx.AsyncClient, change: dict[str, str], field: str
) -> None:
    help_id = await told(alice)
    answer = await alice.post(f"/entraide/{help_id}/planning/nouveau", data=slot(**change))
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert 'value="Calcul"' in answer.text
    assert "Erreur" in answer.text


async def test_two_walk_through_all_that_may_happen_to_a_place(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    help_id, shift_id = await planned(alice)
    shift, rota = f"/entraide/creneaux/{shift_id}", f"/entraide/{help_id}/planning"
    assert "Vous venez" in await does(bob, f"{shift}/inscription")
    assert "Vous venez" in await does(bob, f"{shift}/inscription")
    assert "Complet" in await page(charlie, rota)
    assert "Bob" in await page(alice, shift), "whose rota it is sees who comes"
    assert "Bob" not in (await page(charlie, shift)).split("<main")[1], "a stranger does not"
    assert "liste d’attente" in await does(charlie, f"{shift}/inscription?depuis=planning")
    assert "Vous attendez une place" in await page(charlie, shift)
    assert "vous êtes libre" in await does(bob, f"{shift}/echange")
    assert "Vous venez" in await page(charlie, shift)
    assert "Les autres sont prévenus" in await does(charlie, f"{shift}/echange")
    assert "Place à reprendre" in await page(bob, rota)
    assert "vous venez, finalement" in await does(charlie, f"{shift}/maintien")
    await does(charlie, f"{shift}/echange")
    assert "Vous venez" in await does(bob, f"{shift}/inscription")
    assert "vous ne venez plus" in await does(bob, f"{shift}/desistement")
    assert "Libre" in await page(charlie, shift)


async def test_a_shift_is_called_off_with_a_reason_and_taken_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    _help_id, shift_id = await planned(alice)
    shift = f"/entraide/creneaux/{shift_id}"
    await does(bob, f"{shift}/inscription")
    assert (await bob.post(f"{shift}/annulation", data={"reason": "Non"})).status_code == 403
    empty = await alice.post(f"{shift}/annulation", data={"reason": ""})
    assert empty.status_code == 422
    assert 'id="e-reason"' in empty.text
    assert "est annulé" in await does(alice, f"{shift}/annulation", reason="Jour férié")
    assert "Jour férié" in await page(bob, shift)
    assert "Jour férié" in await page(bob, "/entraide/mes-creneaux")
    late = await bob.post(f"{shift}/desistement")
    assert late.status_code == 422
    assert "Ce créneau est annulé." in late.text
    assert "Vous venez" not in await page(alice, shift)
    await does(alice, f"{shift}/retablissement")
    assert "Vous venez" in await page(bob, shift)


async def test_a_slot_with_people_asks_what_becomes_of_them(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    help_id, shift_id = await planned(alice)
    await does(bob, f"/entraide/creneaux/{shift_id}/inscription")
    slot_id = (await RotaSlot.get(help_id=help_id)).id
    change = f"/entraide/planning/{slot_id}/modifier"
    assert 'value="18:00"' in await page(alice, change)
    asked = await alice.post(change, data=slot(starts="19 h"))
    assert asked.status_code == 422
    assert "Les annuler" in asked.text
    why = await alice.post(change, data=slot(starts="19 h", coming="cancel"))
    assert why.status_code == 422
    assert 'id="e-reason"' in why.text
    assert "Le planning est à jour" in await does(alice, change, **slot(starts="19 h", coming="keep"))
    end = f"/entraide/planning/{slot_id}/fin"
    assert "Quelqu’un vient déjà un jour." in await page(alice, end)
    assert (await alice.post(end)).status_code == 422
    assert (await bob.post(end)).status_code == 403
    await does(alice, end, coming="cancel", reason="C’est fini, merci")
    assert "C’est fini, merci" in await page(bob, f"/entraide/creneaux/{shift_id}")
    assert (await alice.get(end)).status_code == 404


async def test_a_shift_proposed_is_answered_on_its_page(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    help_id, shift_id = await planned(alice)
    await does(bob, f"/entraide/creneaux/{shift_id}/inscription")
    later = (await Shift.filter(slot__help_id=help_id).order_by("starts_at"))[1:]
    for one in later[:2]:
        url = f"/entraide/creneaux/{one.id}"
        assert "C’est proposé" in await does(alice, f"{url}/proposition", member=str(town["bob"]))
        assert "n’a pas encore répondu" in await page(alice, url)
        assert "On vous propose de venir" in await page(bob, url)
    wrong = await alice.post(
        f"/entraide/creneaux/{shift_id}/proposition", data={"member": str(town["charlie"])}
    )
    assert wrong.status_code == 422
    mine = await page(bob, "/entraide/mes-creneaux")
    assert mine.count("Oui, je viens") == 2
    assert "vous venez" in await does(bob, f"/entraide/creneaux/{later[0].id}/reponse", answer="yes")
    await does(bob, f"/entraide/creneaux/{later[1].id}/reponse?depuis=miens", answer="no")
    assert "ne peut pas" in await page(alice, f"/entraide/creneaux/{later[1].id}")


async def test_shifts_go_into_a_calendar(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    _help_id, shift_id = await planned(alice)
    assert "Aucun créneau à venir." in await page(bob, "/entraide/mes-creneaux")
    await does(bob, f"/entraide/creneaux/{shift_id}/inscription")
    for path in (f"/entraide/creneaux/{shift_id}.ics", "/entraide/mes-creneaux.ics"):
        answer = await bob.get(path)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.text.count("BEGIN:VEVENT") == 1
        assert f"shift-{shift_id}@" in answer.text
        assert "STATUS:CONFIRMED" in answer.text
    assert (await alice.get("/entraide/mes-creneaux.ics")).text.count("BEGIN:VEVENT") == 0


async def test_somebody_is_taken_off_a_shift_only_after_a_question(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    _help_id, shift_id = await planned(alice)
    shift = f"/entraide/creneaux/{shift_id}"
    await does(bob, f"{shift}/inscription")
    ask = f"{shift}/retrait?membre={town['bob']}"
    own = await page(alice, shift)
    assert f'href="{ask}"' in own
    assert f'action="{shift}/retrait"' not in own
    asked = await page(alice, ask)
    assert "Retirer Bob de ce créneau\u00a0?" in asked
    assert "Ne rien changer" in asked
    assert "Vous venez" in await page(bob, shift), "a question changes nothing"
    assert (await charlie.get(ask)).status_code == 403
    for wrong in (f"?membre={town['charlie']}", "?membre=abc", ""):
        assert (await alice.get(f"{shift}/retrait{wrong}")).status_code == 404, wrong
    assert "cette personne est prévenue" in await does(alice, f"{shift}/retrait", member=str(town["bob"]))
    assert (await alice.get(ask)).status_code == 404, "he is off it"


async def test_a_day_of_a_slot_that_was_ended_does_not_come_back(alice: httpx.AsyncClient) -> None:
    _help_id, shift_id = await planned(alice)
    shift = f"/entraide/creneaux/{shift_id}"
    undo = f'action="{shift}/retablissement"'
    cancelled = await does(alice, f"{shift}/annulation", reason="Fermé ce jour-là")
    assert "Il a lieu finalement" in cancelled
    assert cancelled.count(undo) == 2, "and undone from the sentence on top"
    await RotaSlot.filter(shifts__id=shift_id).update(ended_at=now())
    assert undo not in await page(alice, shift)
    await Shift.filter(id=shift_id).update(cancelled_at=None)
    again = await does(alice, f"{shift}/annulation", reason="Fermé ce jour-là")
    assert "Le créneau est annulé" in again
    assert undo not in again, "nor is an undo offered that would be refused"


async def test_what_is_over_and_what_is_gone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    help_id, shift_id = await planned(alice)
    shift = f"/entraide/creneaux/{shift_id}"
    await does(bob, f"{shift}/inscription")
    await alice.post(f"/entraide/{help_id}/cloture", data={"outcome": "cancelled"})
    assert "Ce planning est arrêté." in await page(bob, shift)
    await connection.execute("UPDATE help SET ended_at = NULL, ending = NULL")
    await connection.execute(
        "UPDATE shift SET starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'"
    )
    over = await page(bob, shift)
    assert "C’est passé" in over
    assert "/echanges" in over
    late = await bob.post(f"{shift}/desistement")
    assert late.status_code == 422
    assert (await bob.get("/entraide/creneaux/987654")).status_code == 404
    assert (await bob.post("/entraide/creneaux/987654/inscription")).status_code == 404


async def test_a_blocked_neighbour_finds_no_shift(
    app: Starlette, alice: httpx.AsyncClient, town: Town, janitor: Janitor, connection: Connection
) -> None:
    help_id, shift_id = await planned(alice)
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    async with Doors(app).open() as bob:
        await let_in(bob, town["bob"], janitor)
        for path in (f"/entraide/creneaux/{shift_id}", f"/entraide/{help_id}/planning"):
            assert (await bob.get(path)).status_code == 404
        assert (await bob.post(f"/entraide/creneaux/{shift_id}/inscription")).status_code == 404


async def test_the_named_are_removed_by_who_runs_the_rota(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    _help_id, shift_id = await planned(alice)
    shift = f"/entraide/creneaux/{shift_id}"
    await does(bob, f"{shift}/inscription")
    assert (await charlie.post(f"{shift}/retrait", data={"member": str(town["bob"])})).status_code == 403
    assert (await alice.post(f"{shift}/retrait", data={"member": "abc"})).status_code == 404
    await does(alice, f"{shift}/retrait", member=str(town["bob"]))
    assert "Libre" in await page(bob, shift)
