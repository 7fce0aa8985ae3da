"""What only some kinds of annonce have: asked on the second screen, kept, shown, emptied with the kind."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from echange.ads.prices import cents_in
from echange.http.dates import today
from tests.ads.annonces import PHOTO, Connection, draft, published

DETAILS = {"body": "Des mots.", "category": "divers", "quartier": "les-larris"}
OWN: dict[str, dict[str, Any]] = {
    "give": {"condition": "good", "weight_kg": 12.5, "fair": True},
    "sell": {"price_text": "20 €", "condition": "worn"},
    "swap": {"price_text": "des confitures", "condition": "new"},
    "lend": {"price_text": "40 € de caution", "lend_days": 7, "standing": True},
    "seek": {"price_text": "15 € au plus"},
    "service_offered": {
        "terms": "hours",
        "price_text": "un café",
        "when_text": "le mercredi",
        "standing": True,
    },
    "service_sought": {"terms": "quote", "price_text": "un gâteau", "when_text": "avant Noël"},
    "lost": {"happened_on": "2026-01-31"},
    "found": {"happened_on": "2026-02-01"},
}
NAMES = (
    "price_text", "condition", "weight_kg", "fair", "lend_days",
    "terms", "when_text", "happened_on", "standing",
)  # fmt: skip
EMPTY: dict[str, Any] = {
    "price_text": "", "condition": "", "weight_kg": None, "fair": False, "lend_days": None, "terms": "",
    "when_text": "", "happened_on": None, "standing": False,
}  # fmt: skip
# What its page then says.
SAID = {
    "give": ["Bon état", "12,5\u00a0kg environ"],
    "sell": ["20 €", "Usé, mais il sert"],
    "swap": ["des confitures", "Comme neuf"],
    "lend": ["40 € de caution", "7\u00a0jours au plus", "Offre permanente"],
    "seek": ["15 € au plus"],
    "service_offered": ["Contre du temps", "le mercredi", "Offre permanente"],
    "service_sought": ["Sur devis", "avant Noël"],
    "lost": ["samedi 31 janvier 2026"],
    "found": ["dimanche 1er février 2026"],
}


@pytest.mark.parametrize("kind", OWN)
async def test_each_kind_asks_keeps_and_shows_its_own(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, kind: str
) -> None:
    ad_id = await draft(alice, kind=kind, title="Une chose")
    screen = (await alice.get(f"/publier/{ad_id}/details")).text
    assert {name for name in NAMES if f'name="{name}"' in screen} == OWN[kind].keys()
    words = {
        name: "on" if value is True else str(value).replace(".", ",") for name, value in OWN[kind].items()
    }
    sent = await alice.post(f"/publier/{ad_id}/details", data={**DETAILS, **words})
    assert sent.status_code == 303, sent.text
    kept = (await alice.get(f"/api/v1/ads/{ad_id}")).json()
    assert {name: kept[name] for name in NAMES} == {**EMPTY, **OWN[kind]}
    url = (await alice.post(f"/publier/{ad_id}/publication")).headers["location"]
    page = (await client.get(url)).text.replace("\u202f", "\u00a0")
    for words_shown in SAID[kind]:
        assert words_shown in page or words_shown.replace("\u00a0", " ") in page, words_shown
    again = (await alice.get(f"/annonces/{ad_id}/modifier")).text
    cleared = await alice.post(f"/annonces/{ad_id}/modifier", data={**DETAILS, "title": "Une chose"})
    assert cleared.status_code == 303
    assert all(f'name="{name}"' in again for name in OWN[kind])
    kept = (await alice.get(f"/api/v1/ads/{ad_id}")).json()
    assert {name: kept[name] for name in NAMES} == EMPTY, "what is left empty is emptied"


async def test_what_belongs_to_another_kind_is_not_kept(alice: httpx.AsyncClient) -> None:
    everything = {name: value for own in OWN.values() for name, value in own.items()}
    for kind, own in OWN.items():
        sent = {**everything, "kind": kind, "title": "Tout"}
        ad = (await alice.post("/api/v1/ads", json=sent)).json()
        assert {name for name in NAMES if ad[name] != EMPTY[name]} == own.keys(), kind


async def test_changing_the_kind_empties_what_it_had(alice: httpx.AsyncClient) -> None:
    ad_id = await draft(alice, **OWN["give"], kind="give")
    changed = (await alice.patch(f"/api/v1/ads/{ad_id}", json={"kind": "sell", "price_text": "12,50"})).json()
    assert (changed["weight_kg"], changed["fair"], changed["condition"]) == (None, False, "good")
    assert changed["price_cents"] == 1250
    changed = (await alice.patch(f"/api/v1/ads/{ad_id}", json={"kind": "lost"})).json()
    assert (changed["price_text"], changed["price_cents"], changed["condition"]) == ("", None, "")


async def test_null_forgets_what_may_be_unknown(alice: httpx.AsyncClient) -> None:
    ad_id = await draft(alice, kind="give", weight_kg=3)
    changed = (await alice.patch(f"/api/v1/ads/{ad_id}", json={"weight_kg": None, "title": None})).json()
    assert (changed["weight_kg"], changed["title"]) == (None, "Fauteuil crapaud")


@pytest.mark.parametrize(
    ("words", "cents"),
    [
        ("20 €", 2000),
        ("12,50", 1250),
        ("12.5 €", 1250),
        ("gratuit", 0),
        ("C’est gratuit !", 0),
        ("0", 0),
        ("1 200 €", 120_000),
        ("1\u202f200\u00a0€", 120_000),
        ("20€ à débattre", 2000),
        ("entre 15 et 20 euros", 2000),
        ("2 chaises, 15 € la paire", 1500),
        ("à débattre", None),
        ("", None),
        ("999999999999 €", None),
        ("99999999 €", None),
    ],
)
def test_a_price_in_words_is_understood(words: str, cents: int | None) -> None:
    assert cents_in(words) == cents


WRONG: list[tuple[str, Any]] = [
    ("weight_kg", 0),
    ("weight_kg", -1),
    ("weight_kg", 2001),
    ("weight_kg", True),
    ("weight_kg", "lourd"),
    ("weight_kg", "nan"),
    ("lend_days", 0),
    ("lend_days", 366),
    ("lend_days", 1.5),
    ("lend_days", True),
    ("condition", "neuf"),
    ("terms", "cher"),
    ("when_text", "x" * 101),
    ("happened_on", (today() + timedelta(days=2)).isoformat()),
    ("happened_on", "hier"),
    ("happened_on", 5),
    ("happened_on", "1900-01-01"),
    ("happened_on", "31/02/2026"),
    ("fair", "peut-être"),
    ("standing", 3),
    ("noindex", []),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
async def test_a_senseless_value_is_refused_by_field(
    alice: httpx.AsyncClient, field: str, value: Any
) -> None:
    answer = await alice.post("/api/v1/ads", json={"kind": "give", "title": "Pain", field: value})
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["errors"]) == [field]
    sentence = answer.json()["errors"][field][0]
    assert sentence.endswith((".", "!")), sentence
    assert "nput" not in sentence, "in French"


async def test_a_wrong_own_field_comes_back_with_its_words(alice: httpx.AsyncClient) -> None:
    ad_id = await draft(alice, kind="lend")
    sent = {**DETAILS, "body": "Gardez-moi", "lend_days": "sept", "standing": "on", "noindex": "on"}
    answer = await alice.post(f"/publier/{ad_id}/details", data=sent)
    assert answer.status_code == 422
    assert 'href="#f-lend_days"' in answer.text
    assert 'value="sept"' in answer.text
    kept = (await alice.get(f"/api/v1/ads/{ad_id}")).json()
    assert (kept["body"], kept["standing"], kept["noindex"]) == ("Gardez-moi", True, True)


async def test_a_day_may_be_written_as_one_does(alice: httpx.AsyncClient) -> None:
    ad_id = await draft(alice, kind="lost")
    await alice.post(f"/publier/{ad_id}/details", data={**DETAILS, "happened_on": "3/2/2026"})
    assert (await alice.get(f"/api/v1/ads/{ad_id}")).json()["happened_on"] == "2026-02-03"


async def test_the_queue_cannot_be_changed_once_somebody_answered(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    assert (await alice.patch(f"/api/v1/ads/{ad_id}", json={"fair": True})).status_code == 200
    assert (await alice.patch(f"/api/v1/ads/{ad_id}", json={"fair": False})).status_code == 200
    await bob.post(f"/api/v1/ads/{ad_id}/answers", json={"body": "Moi"})
    answer = await alice.patch(f"/api/v1/ads/{ad_id}", json={"fair": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "queue_is_fixed")
    sent = {**DETAILS, "title": "Fauteuil", "fair": "on"}
    refused = await alice.post(f"/annonces/{ad_id}/modifier", data=sent)
    assert refused.status_code == 422
    assert "Des voisins ont déjà répondu" in refused.text


async def test_an_owner_keeps_an_annonce_from_search_engines(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    ad_id = await published(alice, noindex=True)
    assert 'content="noindex"' in (await client.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text


async def test_making_an_offer_standing_or_not_changes_how_long_it_lasts(alice: httpx.AsyncClient) -> None:
    ad_id = await published(alice, kind="lend")
    path = f"/api/v1/ads/{ad_id}"
    assert (await alice.patch(path, json={"standing": True})).json()["expires_at"] is None
    assert (await alice.patch(path, json={"standing": False})).json()["expires_at"] is not None


async def test_the_proposed_category_is_said_and_may_be_changed(alice: httpx.AsyncClient) -> None:
    start = {"kind": "give", "title": "Vélo bleu"}
    location = (await alice.post("/publier", data=start)).headers["location"]
    assert "Catégorie proposée\u00a0: Vélo" in (await alice.get(location)).text
    await alice.post(location, data={**DETAILS, "category": "livres"})
    screen = (await alice.get(location)).text
    assert "Catégorie proposée" not in screen
    assert 'value="livres" selected' in screen


async def photos_of(connection: Connection) -> list[int]:
    return [row["id"] for row in await connection.fetch("SELECT id FROM ad_photo ORDER BY position")]


@pytest.mark.parametrize("screen", ["/publier/{id}", "/publier/{id}/details", "/annonces/{id}/modifier"])
async def test_photos_are_put_in_order_with_buttons_and_the_words_kept(
    alice: httpx.AsyncClient, connection: Connection, screen: str
) -> None:
    files = [("photos", (f"{n}.jpg", PHOTO)) for n in range(3)]
    start = {"kind": "give", "title": "Fauteuil"}
    location = (await alice.post("/publier", data=start, files=files)).headers["location"]
    ad_id = location.split("/")[2]
    if "modifier" in screen:
        await alice.post(f"/publier/{ad_id}/publication")
    path = screen.format(id=ad_id)
    one, two, three = await photos_of(connection)
    sent = {**DETAILS, **start, f"alt-{three}": "De face"}
    for button, order in (
        (f"earlier-{three}", [one, three, two]),
        (f"first-{two}", [two, one, three]),
        (f"later-{two}", [one, two, three]),
        (f"later-{three}", [one, two, three]),
        (f"earlier-{one}", [one, two, three]),
        ("first-999999", [one, two, three]),
    ):
        moved = await alice.post(path, data={**sent, "photo": button})
        assert moved.headers["location"] == f"{path}#photos"
        assert await photos_of(connection) == order
    page = (await alice.get(path)).text
    assert 'value="De face"' in page
    assert (page.count('value="first-'), page.count('value="earlier-'), page.count('value="later-')) == (
        2,
        2,
        2,
    )


async def test_photos_are_told_moved_and_removed_through_the_api(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    path = f"/api/v1/ads/{ad_id}/photos"
    for _ in range(2):
        await alice.post(path, files={"file": ("a.jpg", PHOTO)})
    one, two = await photos_of(connection)
    told = await alice.patch(f"{path}/{two}", json={"alt": "De face", "first": True})
    assert told.json()["alt"] == "De face"
    assert await photos_of(connection) == [two, one]
    for method in ("PATCH", "DELETE"):
        assert (await bob.request(method, f"{path}/{one}", json={})).status_code == 403
        assert (await alice.request(method, f"{path}/999999", json={})).status_code == 404
    assert (await alice.delete(f"{path}/{two}")).status_code == 204
    assert await photos_of(connection) == [one]
    other = await published(alice)
    assert (await alice.delete(f"/api/v1/ads/{other}/photos/{one}")).status_code == 404
