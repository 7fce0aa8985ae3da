"""Annonces in JSON: shapes, codes, refusals."""

from typing import Any

import httpx

from tests.ads.annonces import PHOTO, Connection, draft, photographed, published
from tests.media.pictures import SVG
from tests.neighbours import Town

AD = {
    "kind": "lend",
    "title": "Perceuse",
    "body": "Filaire.",
    "category": "bricolage",
    "quartier": "le-village",
    "price_text": "20 €",
}


async def test_a_whole_life_through_the_api(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, town: Town
) -> None:
    made = await alice.post("/api/v1/ads", json=AD)
    assert made.status_code == 201
    ad = made.json()
    assert {name: ad[name] for name in AD} == AD
    assert (ad["state"], ad["published_at"], ad["owner"]["id"]) == ("draft", None, town["alice"])
    path = f"/api/v1/ads/{ad['id']}"
    photo = await alice.post(f"{path}/photos", files={"file": ("p.png", PHOTO)}, data={"alt": "La perceuse"})
    assert photo.status_code == 201
    assert photo.json()["alt"] == "La perceuse"
    shown = (await alice.post(f"{path}/publication")).json()
    assert shown["state"] == "published"
    assert shown["photos"] == [photo.json()]
    assert (await alice.patch(path, json={"title": "Perceuse filaire"})).json()["title"] == "Perceuse filaire"
    answered = await bob.post(f"{path}/answers", json={"body": "Samedi ?", "client_id": "12345678"})
    assert answered.status_code == 201
    assert set(answered.json()) == {"id", "conversation"}
    closed = await alice.post(f"{path}/closure", json={"outcome": "done"})
    assert closed.json()["outcome"] == "done"
    assert (await client.get(path)).json()["outcome"] == "done"
    assert (await alice.delete(f"{path}/closure")).status_code == 204
    assert (await alice.delete(path)).status_code == 204
    assert (await alice.get(path)).status_code == 404


async def test_a_quartier_may_be_named_by_its_id(alice: httpx.AsyncClient, town: Town) -> None:
    made = await alice.post("/api/v1/ads", json={**AD, "quartier": town.quartiers["le-plateau"]})
    assert made.json()["quartier"] == "le-plateau"


async def test_what_is_not_said_is_guessed_at_publication(alice: httpx.AsyncClient) -> None:
    ad_id = (await alice.post("/api/v1/ads", json={"kind": "give", "title": "Vélo"})).json()["id"]
    shown = (await alice.post(f"/api/v1/ads/{ad_id}/publication")).json()
    assert (shown["quartier"], shown["category"]) == ("les-larris", "velo")


async def test_the_list_is_cut_and_goes_on(client: httpx.AsyncClient, alice: httpx.AsyncClient) -> None:
    ids = [await published(alice, title=f"n{n}") for n in range(5)]
    first = (await client.get("/api/v1/ads?limit=3")).json()
    rest = (await client.get("/api/v1/ads", params={"limit": 3, "cursor": first["next"]})).json()
    assert [ad["id"] for ad in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


async def test_the_list_is_asked_by_words_kind_and_quartier(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    gift = await published(alice)
    loan = await published(alice, **AD)
    for query, expected in (
        ("q=fauteuils", [gift]),
        ("kind=lend", [loan]),
        ("quartier=le-village", [loan]),
        ("q=rien", []),
    ):
        items = (await client.get(f"/api/v1/ads?{query}")).json()["items"]
        assert [ad["id"] for ad in items] == expected


async def test_a_senseless_question_is_422(client: httpx.AsyncClient) -> None:
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=!",
        "kind=steal",
        "quartier=paris",
        "q=" + "x" * 101,
    ]:
        answer = await client.get(f"/api/v1/ads?{query}")
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid"


BAD = [
    ({}, "kind"),
    ({**AD, "kind": "steal"}, "kind"),
    ({**AD, "kind": ["give"]}, "kind"),
    ({**AD, "title": ""}, "title"),
    ({**AD, "title": None}, "title"),
    ({**AD, "title": ["a"]}, "title"),
    ({**AD, "title": {"a": 1}}, "title"),
    ({**AD, "title": 12}, "title"),
    ({**AD, "title": "x" * 81}, "title"),
    ({**AD, "title": "x" * 200_000}, "title"),
    ({**AD, "title": "a\x00b"}, "title"),
    ({**AD, "title": "\u202eevil"}, "title"),
    ({**AD, "title": "\u2066evil"}, "title"),
    ({**AD, "title": "\u200b"}, "title"),
    ({**AD, "body": "x" * 4001}, "body"),
    ({**AD, "category": "armes"}, "category"),
    ({**AD, "quartier": "paris"}, "quartier"),
    ({**AD, "quartier": 999_999}, "quartier"),
    ({**AD, "quartier": -1}, "quartier"),
    ({**AD, "quartier": 2**40}, "quartier"),
    ({**AD, "quartier": [1]}, "quartier"),
    ({**AD, "price_text": "x" * 61}, "price_text"),
]


async def test_a_wrong_annonce_is_422_by_field(alice: httpx.AsyncClient, connection: Connection) -> None:
    for body, field in BAD:
        answer = await alice.post("/api/v1/ads", json=body)
        assert answer.status_code == 422, (body, answer.text)
        problem = answer.json()
        assert problem["code"] == "invalid"
        assert field in problem["errors"], body
        assert await connection.fetchval("SELECT count(*) FROM ad") == 0


async def test_what_is_not_an_object_is_422(alice: httpx.AsyncClient) -> None:
    for content in [b"", b"[]", b"null", b"{", b'"a"', b"\xff", b"[" * 5000]:
        answer = await alice.post(
            "/api/v1/ads", content=content, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 422


async def test_any_visible_text_is_kept_as_it_is(alice: httpx.AsyncClient) -> None:
    for text in ["🎸 guitare 🇫🇷", "é" * 80, "a‿b", "שלום", "مرحبا", "<b>", "'; --", "{{ 7*7 }}"]:
        made = await alice.post("/api/v1/ads", json={**AD, "title": text, "body": text})
        assert made.status_code == 201
        assert (made.json()["title"], made.json()["body"]) == (text, text)


async def test_fields_that_are_not_named_are_ignored(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    sneaky = {
        **AD,
        "owner_id": town["bob"],
        "published_at": "2020-01-01T00:00:00Z",
        "state": "published",
        "id": 7,
    }
    ad = (await alice.post("/api/v1/ads", json=sneaky)).json()
    assert (ad["owner"]["id"], ad["state"]) == (town["alice"], "draft")
    changed = (await alice.patch(f"/api/v1/ads/{ad['id']}", json=sneaky)).json()
    assert (changed["owner"]["id"], changed["state"], changed["id"]) == (town["alice"], "draft", ad["id"])


async def test_only_what_is_given_is_patched(alice: httpx.AsyncClient) -> None:
    ad_id = await draft(alice, **AD)
    changed = (await alice.patch(f"/api/v1/ads/{ad_id}", json={"price_text": "", "kind": "sell"})).json()
    assert {name: changed[name] for name in AD} == {**AD, "price_text": "", "kind": "sell"}
    assert (await alice.patch(f"/api/v1/ads/{ad_id}", json={"title": ""})).status_code == 422
    assert (await alice.patch(f"/api/v1/ads/{ad_id}", json={"quartier": "paris"})).status_code == 422


async def test_a_published_annonce_keeps_its_kind(alice: httpx.AsyncClient) -> None:
    ad_id = await published(alice)
    answer = await alice.patch(f"/api/v1/ads/{ad_id}", json={"kind": "sell"})
    assert (answer.status_code, answer.json()["code"]) == (409, "kind_is_fixed")


CALLS: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"title": "Volé"}),
    ("DELETE", "", None),
    ("POST", "/publication", None),
    ("POST", "/closure", {"outcome": "given"}),
    ("DELETE", "/closure", None),
]


async def test_somebody_else_may_not(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    for method, path, body in CALLS:
        seen, hidden = await published(alice), await draft(alice)
        answer = await bob.request(method, f"/api/v1/ads/{seen}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        answer = await bob.request(method, f"/api/v1/ads/{hidden}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        answer = await client.request(method, f"/api/v1/ads/{seen}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
        assert (await alice.get(f"/api/v1/ads/{seen}")).json()["state"] == "published"


async def test_photos_are_added_by_the_owner_alone(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    seen, hidden = await published(alice), await draft(alice)
    for ad_id, code in ((seen, 403), (hidden, 404), (999_999, 404)):
        answer = await bob.post(f"/api/v1/ads/{ad_id}/photos", files={"file": ("a.jpg", PHOTO)})
        assert answer.status_code == code


async def test_what_is_not_a_photo_is_refused(alice: httpx.AsyncClient) -> None:
    path = f"/api/v1/ads/{await draft(alice)}/photos"
    for sent in (
        {"files": {"file": ("a.jpg", SVG)}},
        {"files": {"autre": ("a.jpg", PHOTO)}},
        {"data": {"file": "texte"}},
        {},
    ):
        answer = await alice.post(path, **sent)
        assert answer.status_code == 422, answer.text
        assert "file" in answer.json()["errors"]
    for _ in range(6):
        await photographed(alice, int(path.split("/")[4]))
    full = await alice.post(path, files={"file": ("a.jpg", PHOTO)})
    assert (full.status_code, full.json()["code"]) == (409, "too_many_photos")


async def test_states_that_refuse_say_which(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    path = f"/api/v1/ads/{await draft(alice)}"

    async def code(answer: httpx.Response) -> str:
        assert answer.status_code == 409
        return str(answer.json()["code"])

    given = {"outcome": "given"}
    assert await code(await alice.post(f"{path}/closure", json=given)) == "not_published"
    await alice.post(f"{path}/publication")
    assert await code(await alice.post(f"{path}/publication")) == "already_published"
    assert await code(await alice.delete(f"{path}/closure")) == "not_closed"
    assert await code(await alice.post(f"{path}/answers", json={"body": "Moi"})) == "own_ad"
    assert (await alice.post(f"{path}/closure", json={"outcome": "sold"})).status_code == 422
    await alice.post(f"{path}/closure", json=given)
    assert await code(await alice.post(f"{path}/closure", json=given)) == "already_closed"
    assert await code(await bob.post(f"{path}/answers", json={"body": "Là ?"})) == "already_closed"


async def test_one_idempotency_key_makes_one_annonce(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    headers = {"idempotency-key": "une-fois"}
    first = await alice.post("/api/v1/ads", json=AD, headers=headers)
    second = await alice.post("/api/v1/ads", json=AD, headers=headers)
    assert first.json() == second.json()
    assert await connection.fetchval("SELECT count(*) FROM ad") == 1
    path = f"/api/v1/ads/{first.json()['id']}/publication"
    again = [await alice.post(path, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in again] == [201, 201]
