"""One's hours: what one has, how it came, on the screen, on paper, in a spreadsheet and as JSON."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from echange.hours import settle
from echange.hours.pages.paper import PRINTED
from echange.hours.plot import HEIGHT, WIDTH, draw
from echange.http.dates import PARIS
from echange.http.sheet import sheet
from echange.ledger import Point
from echange.members import Block
from tests.conftest import Doors, let_in
from tests.hours.purse import account_id, given, have
from tests.members.newcomers import join, plain
from tests.members.organisations import Home
from tests.neighbours import Town
from tests.sweeping import Connection, Janitor


async def test_the_page_says_what_one_has_and_how_far_that_may_go(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    page = plain((await alice.get("/temps")).text)
    assert '<p class="hours-figure">2 h</p>' in page
    assert "jusqu’à −10 h, et garder jusqu’à 60 h" in page
    assert "Heures de bienvenue" in page
    assert "€" not in page
    assert "style=" not in page
    await have(connection, town["alice"], -45)
    assert "Vous avez reçu plus que donné" in plain((await alice.get("/temps")).text)


async def test_an_account_tells_its_limits_as_json(alice: httpx.AsyncClient, town: Town) -> None:
    assert (await alice.get("/api/v1/ledger/account")).json() == {
        "organisation": None,
        "balance_minutes": 120,
        "floor_minutes": -600,
        "ceiling_minutes": 3_600,
        "may_give_minutes": 720,
        "may_take_minutes": 3_480,
        "entries": 1,
        "above_ceiling": "fund",
        "left_to": None,
    }


async def test_lines_tell_with_whom_and_why(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    number = (await given(alice, town["bob"], 30, reason="Pour le pain")).json()["id"]
    await settle(
        giver=await account_id(connection, town["alice"]),
        receiver=await account_id(connection, town["charlie"]),
        minutes=45,
        key="exchange:7",
        about=("exchange", 7),
        above="fund",
    )
    items = (await alice.get("/api/v1/ledger/entries")).json()["items"]
    assert [(one["kind"], one["minutes"], one["balance_minutes"]) for one in items] == [
        ("exchange", 45, 135),
        ("gift", -30, 90),
        ("welcome", 120, 120),
    ]
    assert items[0]["about"] == {"kind": "exchange", "id": 7}
    assert items[0]["with"]["id"] == town["charlie"]
    assert (items[1]["id"], items[1]["reason"], items[1]["undone"]) == (number, "Pour le pain", False)
    assert items[1]["with"] == {"kind": "member", "id": town["bob"], "name": "Bob Traoré"}
    assert items[2]["with"] == {"kind": "town", "id": None, "name": "La ville"}
    page = plain((await alice.get("/temps")).text)
    assert 'href="/echanges/7"' in page
    assert "Don offert : Bob Traoré" in page
    assert "Pour le pain" in page
    await alice.delete(f"/api/v1/transfers/{number}")
    undone = (await alice.get("/api/v1/ledger/entries")).json()["items"]
    assert [one["undone"] for one in undone if one["id"] == number] == [True]
    assert "Annulé depuis" in (await alice.get("/temps")).text


async def test_the_list_is_cut_and_goes_on(alice: httpx.AsyncClient, town: Town) -> None:
    for n in range(5):
        await given(alice, town["bob"], n + 1)
    seen: list[int] = []
    cursor = ""
    while True:
        page = (await alice.get("/api/v1/ledger/entries", params={"limit": 2, "cursor": cursor})).json()
        seen += [one["minutes"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [-5, -4, -3, -2, -1, 120]
    first = (await alice.get("/temps?limit=2")).text
    assert 'rel="next" href="/temps?cursor=' in first
    assert (await alice.get("/api/v1/ledger/entries?cursor=zz")).json()["code"] == "invalid"
    assert (await alice.get("/temps?cursor=zz")).status_code == 422


async def test_whom_one_avoids_is_no_longer_named_and_their_words_are_gone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    await given(bob, town["alice"], 10, reason="Devinez")
    await Block.put(town["bob"], by=town["alice"])
    for path in ("/temps", "/temps/releve", "/temps/releve.csv", "/api/v1/ledger/entries", "/avis"):
        page = (await alice.get(path)).text
        assert "Bob" not in page, path
        assert "Devinez" not in page, path
    assert "Don reçu : Un voisin" in plain((await alice.get("/temps")).text)


async def test_somebody_away_is_named_without_a_page(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await given(alice, town["bob"], 10)
    assert 'href="/membres/bob"' in (await alice.get("/temps")).text
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    page = plain((await alice.get("/temps")).text)
    assert "Don offert : Bob Traoré" in page
    assert 'href="/membres/bob"' not in page


async def test_who_is_not_confirmed_sees_nothing_yet_and_why(app: Starlette, town: Town) -> None:
    async with Doors(app).open() as mona:
        assert (await join(mona)).status_code == 303
        page = plain((await mona.get("/temps")).text)
        assert '<p class="hours-figure">0 min</p>' in page
        assert "dès que son adresse e-mail est confirmée" in page
        assert "Rien n’a encore bougé" in page
        assert (await mona.get("/api/v1/ledger/account")).json()["balance_minutes"] == 0


async def test_a_statement_on_paper_adds_up(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await given(alice, town["bob"], 30)
    year = datetime.now(UTC).year
    page = plain((await alice.get(f"/temps/releve?annee={year}")).text)
    assert f"Relevé d’heures {year}" in page
    assert "Alice Morel" in page
    assert "<dd>2 h</dd>" in page, "received"
    assert "<dd>30 min</dd>" in page, "given"
    assert "<dd><strong>1 h 30</strong></dd>" in page
    before = plain((await alice.get(f"/temps/releve?annee={year - 1}&mois=2")).text)
    assert f"février {year - 1}" in before
    assert "Rien n’a bougé" in before
    later = plain((await alice.get(f"/temps/releve?annee={year + 1}")).text)
    assert "<dd>1 h 30</dd>" in later, "what was held at the start"
    assert (await alice.get("/temps/releve?annee=1&mois=99")).status_code == 200


async def test_a_year_of_very_many_movements_is_told_by_month_and_a_month_by_day(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute(
        """SELECT move_minutes('gift', 'many ' || n, ARRAY[a.id, m.account_id], ARRAY[-o, o], '', NULL, NULL)
           FROM ledger_account a, member m,
                (SELECT n, CASE WHEN n % 2 = 0 THEN -5 ELSE 10 END AS o FROM generate_series(1, $2) n) turns
           WHERE a.kind = 'town' AND m.id = $1""",
        town["alice"],
        PRINTED,
    )
    at = datetime.now(UTC).astimezone(PARIS)
    paper = f"/temps/releve?annee={at.year}"
    year = plain((await alice.get(paper)).text)
    month = plain((await alice.get(f"{paper}&mois={at.month}")).text)
    for page in (year, month):
        assert f"{PRINTED + 1} mouvements : les voici" in page
        assert page.count('<td data-label="Mouvement">') == 0
        assert "Heures de bienvenue" not in page
        assert "<dd><strong>22 h 50</strong></dd>" in page
        assert '<td class="number" data-label="Solde">22 h 50</td>' in page
        assert '<td class="number" data-label="Donné">20 h 50</td>' in page
    assert f'href="/temps/releve?annee={at.year}&amp;mois={at.month}"' in year
    assert month.count('<td data-label="Jour">') == 1
    assert (await alice.get("/temps/releve.csv")).text.count("\r\n") == PRINTED + 2


async def test_a_spreadsheet_computes_nothing_that_somebody_wrote(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute("UPDATE member SET name = '=Bob' WHERE id = $1", town["bob"])
    await given(alice, town["bob"], 30, reason='=HYPERLINK("http://pirate.example"; 1)')
    answer = await alice.get("/temps/releve.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    rows = text.strip().split("\r\n")
    assert rows[0] == "Date;Mouvement;Mot;Minutes;Durée;Solde en minutes;Solde"
    assert "'=HYPERLINK" in rows[2]
    assert ";-30;" in rows[2], "figures stay figures"
    assert ";90;" in rows[2]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\r=1"])
def test_cells_that_look_like_formulas_are_harmless(cell: str) -> None:
    text = bytes(sheet("x.csv", [[cell, 1, -1, "a;b"]]).body).decode("utf-8-sig")
    assert text.lstrip('"').startswith("'")
    assert '1;-1;"a;b"' in text


async def test_whoever_speaks_for_an_association_reads_its_account_others_do_not(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home
) -> None:
    await given(alice, {"organisation": redoute.id}, 30, reason="Bravo")
    mine = plain((await keeper.get("/temps")).text)
    assert "Les Fêtes de la Redoute</a> <strong>30 min</strong>" in mine
    page = plain((await keeper.get(f"/temps?organisation={redoute.id}")).text)
    assert "Heures : Les Fêtes de la Redoute" in page
    assert "Don reçu : Alice Morel" in page
    for path in ("/temps", "/temps/releve", "/temps/releve.csv"):
        assert (await keeper.get(f"{path}?organisation={redoute.id}")).status_code == 200
        assert (await alice.get(f"{path}?organisation={redoute.id}")).status_code == 404
    for path in ("account", "entries"):
        address = f"/api/v1/ledger/{path}?organisation={redoute.id}"
        assert (await keeper.get(address)).status_code == 200
        assert (await alice.get(address)).status_code == 404


async def test_what_is_above_the_ceiling_is_a_choice(alice: httpx.AsyncClient, town: Town) -> None:
    assert (await alice.post("/temps/preference", data={"above": "decline"})).status_code == 303
    assert (await alice.get("/api/v1/ledger/account")).json()["above_ceiling"] == "decline"
    assert (await alice.patch("/api/v1/ledger/account", json={"above_ceiling": "fund"})).json()[
        "above_ceiling"
    ] == "fund"
    assert (await alice.post("/temps/preference", data={"above": "tout"})).status_code == 422
    both = await alice.patch("/api/v1/ledger/account", json={"above_ceiling": "decline", "left_to": 987654})
    assert both.json()["code"] == "not_a_choice"
    assert (await alice.get("/api/v1/ledger/account")).json()["above_ceiling"] == "fund", "all or nothing"


def test_a_balance_is_drawn_as_a_stair_within_its_frame() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    points = [Point(start + timedelta(days=n), balance) for n, balance in enumerate((120, -60, 300))]
    plot = draw(points, start + timedelta(days=4))
    assert (plot.highest, plot.lowest) == (300, -60)
    assert plot.path == "M6.0 60.0V6.0H634.0".replace("V6.0", "H163.0V114.0H320.0V6.0")
    assert plot.zero == 96.0
    assert (WIDTH, HEIGHT) == (640, 120)
    assert [point.balance for point in plot.shown] == [300, -60, 120], "newest first"


async def test_the_drawing_is_also_said_in_words_and_figures(
    app: Starlette, alice: httpx.AsyncClient, town: Town, janitor: Janitor
) -> None:
    assert '<svg viewBox="0 0 640 120"' not in (await alice.get("/temps")).text, "one point is no history"
    await given(alice, town["bob"], 30)
    page = plain((await alice.get("/temps")).text)
    assert '<svg viewBox="0 0 640 120" role="img"' in page
    assert "au plus haut 2 h, au plus bas 1 h 30" in page
    assert "Le même dessin en chiffres" in page
    async with Doors(app).open() as english:
        await let_in(english, town["alice"], janitor)
        english.cookies.set("locale", "en", domain="127.0.0.1", path="/")
        assert (await english.get("/temps")).status_code == 200
