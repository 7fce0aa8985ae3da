"""The desk on screen: the day at a glance, a code in hand, over the counter and back without JavaScript."""

import re
from datetime import timedelta
from io import BytesIO

import httpx
from PIL import Image
from starlette.applications import Starlette

from echange.database import fetch_value
from echange.http.dates import now, today
from echange.lending.desk import short_name
from echange.lending.models import Accessory, ConditionPhoto, ConditionReport, Deposit, Incident, Loan
from tests.house.crawling import PageReader
from tests.lending.desk_things import API, Client, act, asked, incidents_of, long_ago, out
from tests.lending.things import association_lender, lent, redoute, units_of
from tests.neighbours import Town

DESK = "/prets/comptoir"


def photo(colour: str = "red") -> bytes:
    file = BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    return file.getvalue()


async def whole(client: Client, url: str, status: int = 200) -> str:
    """A page without a fault."""
    answer = await client.get(url)
    assert answer.status_code == status, (url, answer.text[:2000])
    page = PageReader(answer.text)
    assert page.wrong == []
    assert page.headings.count(1) == 1
    assert len(page.ids) == len(set(page.ids)), [one for one in page.ids if page.ids.count(one) > 1]
    return answer.text


def shelf(page: str, name: str) -> str:
    """The part of the day's page under this heading."""
    found = re.search(rf'id="{name}">(.*?)</section>', page, re.DOTALL)
    return found[1] if found else ""


async def test_the_day_at_a_glance(
    alice: Client, bob: Client, charlie: Client, keeper: Client, town: Town
) -> None:
    tables = await lent(town, "Table pliante", units=4)
    late = await out(alice, keeper, tables, end=2)
    await long_ago(late["id"], 2.5)
    going = await asked(bob, await lent(town, "Barnum"))
    # Begun: what was not collected stands on today’s sheet, just before midnight as well.
    await long_ago(going["id"], 0.2)
    coming = await out(charlie, keeper, await lent(town, "Sono"), end=0.2)
    ahead = await asked(bob, await lent(town, "Banc"), start=30, end=50)
    page = await whole(keeper, DESK)
    assert late["codes"][0] in shelf(page, "retards")
    assert "Barnum" in shelf(page, "sorties")
    if today() == (now() + timedelta(hours=0.2)).date():
        assert "Sono" in shelf(page, "rentrees")
    assert "Banc" in shelf(page, "preparer")
    for it, way in ((late, "retour"), (going, "sortie"), (ahead, "preparation")):
        assert f"/prets/demandes/{it['id']}/{way}" in page
    assert coming["id"]
    name = str(await fetch_value("SELECT name FROM member WHERE id = $1", town["bob"]))
    # Nobody’s whole name lies on the counter.
    assert name not in page
    assert short_name(name) in page
    told = (await keeper.get(f"{API}/desk")).json()
    assert [one["loan"] for one in told["late"]] == [late["id"]]
    assert [one["loan"] for one in told["prepare"]] == [ahead["id"]]


async def test_the_towns_desk_reads_what_it_decides_whoever_lends_it(
    alice: Client, bob: Client, keeper: Client, nadia: Client, town: Town
) -> None:
    it = await asked(alice, await lent(town, "Sono", approval="staff"))
    own = await asked(bob, await lent(town, "Barnum", approval="owner"))
    page = await whole(nadia, DESK)
    assert f'href="{it["url"]}"' in shelf(page, "decider")
    assert "Barnum" not in page
    assert str(await fetch_value("SELECT name FROM member WHERE id = $1", town["alice"])) not in page
    assert [one["loan"] for one in (await nadia.get(f"{API}/desk")).json()["decide"]] == [it["id"]]
    # It stands on today's sheet, and on no lender's that the desk does not keep.
    assert "À décider" not in await whole(nadia, f"{DESK}?jour={today() + timedelta(days=1)}")
    assert (await nadia.get(f"{DESK}?preteur={it['lender']}")).status_code == 404
    # Nobody else reads of it there: neither who asked, nor another neighbour, nor who lends it.
    for client in (alice, bob, keeper):
        assert "À décider" not in await whole(client, DESK)
        assert (await client.get(f"{API}/desk")).json()["decide"] == []
    assert own["state"] == "requested"
    await act(nadia, it["id"], "approval")
    assert "À décider" not in await whole(nadia, DESK)


def test_people_are_called_by_first_name_and_initial() -> None:
    assert [short_name(name) for name in ("Aminata Sow", "Mme Odile Perrin", "Zoé", "Jean de La Tour")] == [
        "Aminata S.",
        "Mme Odile P.",
        "Zoé",
        "Jean T.",
    ]


async def test_who_lends_nothing_is_told_how_to_begin(bob: Client, client: Client) -> None:
    assert "/prets/publier" in await whole(bob, DESK)
    for path in ("/prets/cautions", "/prets/incidents", "/prets/chiffres"):
        await whole(bob, path)
    assert (await client.get(DESK)).status_code == 303


async def test_somebody_elses_desk_is_not_there(bob: Client, keeper: Client, town: Town) -> None:
    lender = await association_lender(town)
    for path in (DESK, "/prets/cautions", "/prets/incidents", "/prets/chiffres", "/prets/cautions.csv"):
        assert (await bob.get(f"{path}?preteur={lender.id}")).status_code == 404, path
        assert (await keeper.get(f"{path}?preteur={lender.id}")).status_code == 200, path
    assert (await bob.get(f"{API}/desk?lender={lender.id}")).status_code == 404


async def test_a_name_or_a_code_finds_what_runs(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    it = await asked(alice, item)
    page = await whole(keeper, f"{DESK}?q=ALICE")
    assert "Barnum" in shelf(page, "trouves")
    assert "Barnum" not in shelf(await whole(keeper, f"{DESK}?q=personne"), "trouves")
    (code,) = it["codes"]
    answer = await keeper.get(DESK, params={"q": code.lower()})
    assert answer.headers["location"] == f"{DESK}/exemplaires/{it['units'][0]}"


async def test_a_label_leads_to_what_to_do_now(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, "Barnum")
    (unit,) = await units_of(item)
    for typed in (f"http://127.0.0.1:8000/prets/u/{unit.code}", unit.code, unit.code.lower()):
        answer = await keeper.get(f"{DESK}/code", params={"code": typed})
        assert answer.headers["location"] == f"{DESK}/exemplaires/{unit.id}", typed
    url = f"{DESK}/exemplaires/{unit.id}"
    assert "personne ne l’attend" in await whole(keeper, url)
    it = await asked(alice, item)
    assert f"/prets/demandes/{it['id']}/sortie?unite={unit.code}" in await whole(keeper, url)
    await act(keeper, it["id"], "handover")
    assert f"/prets/demandes/{it['id']}/retour?unite={unit.code}" in await whole(keeper, url)
    assert (await bob.get(url)).status_code == 404
    for wrong in ("RIEN-1", "", "x" * 300, "é\u202e"):
        answer = await keeper.get(f"{DESK}/code", params={"code": wrong})
        assert answer.status_code == 303, wrong


async def test_over_the_counter_and_back_without_javascript(
    alice: Client, keeper: Client, bob: Client, client: Client, town: Town
) -> None:
    item = await lent(town, "Vidéoprojecteur", deposit_cents=8000)
    await Accessory.tell(item, [("Télécommande", 1), ("Câble", 2)])
    it = await asked(alice, item)
    (unit,) = await units_of(item)
    going = f"/prets/demandes/{it['id']}/sortie"
    page = await whole(keeper, going)
    assert "Télécommande" in page
    assert 'value="80"' in page
    said = {
        f"code-{unit.id}": unit.code,
        f"condition-{unit.id}": "good",
        f"words-{unit.id}": "Rayure sur le capot",
        f"listed-{unit.id}": "1",
        f"there-{unit.id}": ["Télécommande", "2 × Câble"],
        "deposit": "80",
        "means": "cash",
        "identity": "on",
    }
    files = {f"photos-{unit.id}": ("avant.jpg", photo(), "image/jpeg")}
    answer = await keeper.post(going, data=said, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, DESK), answer.text
    assert (await Loan.get(id=it["id"])).state == "out"
    assert (await Deposit.get()).cents == 8000
    assert (await keeper.post(going, data=said)).status_code == 303, "a second click"
    assert await Deposit.all().count() == 1

    back = f"/prets/demandes/{it['id']}/retour"
    page = await whole(keeper, back)
    assert "Rayure sur le capot" in page
    (shot,) = re.findall(r'src="(/prets/etats/[^"]+)"', page)
    assert (await keeper.get(shot)).headers["content-type"] == "image/webp"
    assert (await alice.get(shot)).status_code == 200
    assert (await bob.get(shot)).status_code == 404
    assert (await client.get(shot)).status_code == 303
    said = {
        f"back-{unit.id}": "on",
        f"condition-{unit.id}": "worn",
        f"listed-{unit.id}": "1",
        f"there-{unit.id}": ["2 × Câble"],
    }
    files = {f"photos-{unit.id}": ("après.jpg", photo("blue"), "image/jpeg")}
    answer = await keeper.post(back, data=said, files=files)
    assert answer.headers["location"] == f"/prets/demandes/{it['id']}"
    (case,) = await incidents_of(alice, it["id"])
    assert case["words"] == "Télécommande"
    assert await ConditionPhoto.all().count() == 2
    page = await whole(keeper, f"/prets/demandes/{it['id']}")
    assert f"/prets/incidents/{case['id']}" in page
    assert "/caution/rendue" in page
    await whole(alice, f"/prets/demandes/{it['id']}")


async def test_a_wrong_form_keeps_the_words_and_no_photo(
    alice: Client, keeper: Client, town: Town, app: Starlette
) -> None:
    item = await lent(town)
    it = await asked(alice, item)
    (unit,) = await units_of(item)
    going = f"/prets/demandes/{it['id']}/sortie"
    base = {f"code-{unit.id}": unit.code, f"words-{unit.id}": "Un pied tordu"}
    for wrong, files in (
        ({f"code-{unit.id}": "RIEN-9"}, photo()),
        ({f"code-{unit.id}": ""}, photo()),
        ({f"condition-{unit.id}": "parfait"}, photo()),
        ({"day": "2020-01-01", "hour": "10:00", "reason": "Oubli"}, photo()),
        ({"day": today().isoformat(), "hour": "25:00"}, photo()),
        ({"deposit": "beaucoup"}, photo()),
        ({"words": "a\x00b"}, photo()),
        ({f"words-{unit.id}": "z" * 501}, photo()),
        ({}, b"not a photo"),
    ):
        shots = {f"photos-{unit.id}": ("a.jpg", files, "image/jpeg")}
        answer = await keeper.post(going, data={**base, **wrong}, files=shots)
        assert answer.status_code == 422, (wrong, answer.status_code)
        page = PageReader(answer.text)
        assert page.wrong == []
        assert "Erreur" in answer.text
        if f"words-{unit.id}" not in wrong and f"code-{unit.id}" not in wrong:
            assert "Un pied tordu" in answer.text, wrong
    assert (await Loan.get(id=it["id"])).state == "approved"
    assert await ConditionReport.all().count() == 0
    assert not list(app.state.store.folder.rglob("*.webp")), "no photo stays behind"


async def test_damage_and_loss_have_their_pages(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, units=2, deposit_cents=4000)
    gone = await out(alice, keeper, item, quantity=2)
    await act(keeper, gone["id"], "deposits", kind="taken", cents=8000)
    first, second = gone["units"]
    url = f"/prets/demandes/{gone['id']}"
    await whole(keeper, f"{url}/dommage")
    refused = await keeper.post(f"{url}/dommage", data={"usable": "no"})
    assert refused.status_code == 422
    said = {"unit": first, "words": "Fêlé", "usable": "yes"}
    answer = await keeper.post(
        f"{url}/dommage", data=said, files={"photos": ("a.jpg", photo(), "image/jpeg")}
    )
    assert answer.status_code == 303
    await whole(keeper, f"{url}/perte")
    assert (await keeper.post(f"{url}/perte", data={"units": [second], "words": "Volé"})).status_code == 303
    assert (await Loan.get(id=gone["id"])).state == "lost"
    cases = {one.kind: one for one in await Incident.all()}
    assert cases.keys() == {"damage", "loss"}
    assert "Fêlé" in await whole(keeper, "/prets/incidents")
    page = f"/prets/incidents/{cases['damage'].id}"
    assert f"{page}/decision" in await whole(keeper, page)
    assert f"{page}/reponse" in await whole(alice, page)
    assert (await alice.post(f"{page}/reponse", data={"words": ""})).status_code == 422
    assert (await alice.post(f"{page}/reponse", data={"words": "C’était ainsi."})).status_code == 303
    assert "C’était ainsi." in await whole(keeper, page)
    for wrong in ({}, {"decision": "kept"}, {"decision": "kept", "kept": "81"}, {"decision": "brûlé"}):
        refused = await keeper.post(f"{page}/decision", data=wrong)
        assert refused.status_code == 422, wrong
        assert PageReader(refused.text).wrong == []
    assert (await keeper.post(f"{page}/decision", data={"decision": "kept", "kept": "30"})).status_code == 303
    assert "30\u00a0€" in await whole(alice, page)
    assert (await keeper.post(f"{url}/caution/rendue")).status_code == 303
    assert (await Loan.get(id=gone["id"])).state == "lost", "the loss is not decided yet"
    await keeper.post(f"/prets/incidents/{cases['loss'].id}/decision", data={"decision": "replaced"})
    assert (await Loan.get(id=gone["id"])).state == "closed"
    await whole(keeper, url)
    page = await whole(keeper, "/prets/cautions")
    assert "Gardées en ce moment" in page


async def test_the_book_leaves_as_a_sheet_in_which_nothing_computes(
    alice: Client, keeper: Client, town: Town
) -> None:
    gone = await out(alice, keeper, await lent(town, '=HYPERLINK("x")', deposit_cents=8000))
    await act(keeper, gone["id"], "deposits", kind="taken", cents=8000, words="@SOMME(A1)")
    answer = await keeper.get("/prets/cautions.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "\"'=HYPERLINK" in lines[1]
    assert "'@SOMME(A1)" in lines[1]
    assert "80,00" in lines[1]


async def test_strangers_find_none_of_it(bob: Client, alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town))
    await act(keeper, gone["id"], "damage", words="Fêlé")
    case = await Incident.get()
    url = f"/prets/demandes/{gone['id']}"
    for path in ("sortie", "retour", "perte", "dommage"):
        assert (await bob.get(f"{url}/{path}")).status_code == 404, path
        assert (await bob.post(f"{url}/{path}", data={"usable": "yes"})).status_code == 404, path
    for path in ("caution", "caution/rendue"):
        assert (await bob.post(f"{url}/{path}", data={"deposit": "1"})).status_code == 404, path
    assert (await bob.get(case.url)).status_code == 404
    for path in ("reponse", "decision"):
        assert (
            await bob.post(f"{case.url}/{path}", data={"words": "x", "decision": "nothing"})
        ).status_code == 404
    # The borrower sees the case, but decides nothing.
    answer = await alice.post(f"{case.url}/decision", data={"decision": "nothing"})
    assert answer.status_code == 422
    assert await fetch_value("SELECT decided_at IS NULL FROM incident")


async def test_two_desks_are_chosen_between(keeper: Client, town: Town) -> None:
    await redoute(town)
    await lent(town, "Barnum")
    await lent(town, "Échelle", by="alice")
    answer = await keeper.post(f"{API}/items", json={"title": "Perceuse"})
    assert answer.status_code == 201
    page = await whole(keeper, DESK)
    assert page.count("/prets/comptoir?preteur=") >= 2
    assert isinstance(keeper, httpx.AsyncClient)
