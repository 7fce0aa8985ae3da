"""What somebody says of themselves: words, moments, a photo, and who sees which."""

from pathlib import Path
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.config import Settings
from echange.members.week import mask, slot_keys, slots_of, week_of
from tests.live.waiting import until
from tests.media.pictures import encoded, scene
from tests.members.newcomers import plain
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
EVERYONE = dict.fromkeys(
    (
        "photo",
        "headline",
        "about",
        "offers",
        "wants",
        "hours",
        "quartier",
        "availability",
        "languages",
        "accessibility",
    ),
    "everyone",
)


async def test_moments_and_what_helps_are_kept_and_shown(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    form = {"name": "Alice", "availability": ["3", "17"], "accessibility": "Écrire plutôt que téléphoner"}
    assert (await alice.post("/moi/profil", data=form)).status_code == 303

    again = (await alice.get("/moi/profil")).text
    assert again.count(" checked") == 2
    page = (await bob.get("/membres/alice")).text
    assert page.count('class="week-on"') == 2
    assert "Écrire plutôt que téléphoner" in page
    assert "Écrire plutôt" not in (await client.get("/membres/alice")).text, "for neighbours, unless she says"


async def test_another_name_costs_the_signs_given_under_the_old_one(
    alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    verified = "SELECT verified_at IS NOT NULL FROM member WHERE handle = 'alice'"
    for same in ("Alice Morel", "ALICE MOREL", "Àlice Morel"):
        await alice.post("/moi/profil", data={"name": same})
        assert await connection.fetchval(verified), same
    await alice.post("/moi/profil", data={"name": "Nadia Petit"})
    assert not await connection.fetchval(verified)
    assert (
        await connection.fetchval("SELECT count(*) FROM verification WHERE member_id = $1", town["alice"])
        == 0
    )


@pytest.mark.parametrize("slots", [["21"], ["-1"], ["x"], ["1"] * 22])
async def test_a_week_has_twenty_one_half_days(alice: httpx.AsyncClient, slots: list[str]) -> None:
    answer = await alice.post(
        "/moi/profil", data={"name": "Alice", "availability": slots, "languages": "occitan"}
    )
    assert answer.status_code == 422
    assert 'value="occitan"' in answer.text


def test_a_week_is_one_number() -> None:
    assert week_of([0, 3, 20, 3]) == 1 + 8 + (1 << 20)
    assert slots_of(week_of([0, 3, 20])) == [0, 3, 20]
    assert slot_keys(8) == ["tuesday-morning"]
    assert mask("tuesday", "morning") == 8
    assert mask("monday") == 0b111
    assert slots_of(mask(moment="evening")) == [2, 5, 8, 11, 14, 17, 20]
    assert mask() == 0


async def test_each_field_has_its_audience(alice: httpx.AsyncClient, connection: Connection) -> None:
    chosen = {**EVERYONE, "about": "nobody", "photo": "members", "wants": "members"}
    answer = await alice.post("/moi/profil/qui-voit-quoi", data=chosen)
    assert answer.status_code == 303
    row = await connection.fetchrow("SELECT members_only, private_fields FROM member WHERE handle = 'alice'")
    assert row is not None
    assert (set(row["members_only"]), row["private_fields"]) == ({"photo", "wants"}, ["about"])
    page = (await alice.get("/moi/profil/qui-voit-quoi")).text
    assert 'name="about" value="nobody" required checked' in page
    assert "Personne d’autre ne le voit" in (await alice.get("/moi/profil")).text


async def test_an_audience_nobody_knows_is_refused(alice: httpx.AsyncClient, connection: Connection) -> None:
    for wrong in ({**EVERYONE, "about": "friends"}, {"photo": "everyone"}):
        assert (await alice.post("/moi/profil/qui-voit-quoi", data=wrong)).status_code == 422
    kept = await connection.fetchval("SELECT private_fields FROM member WHERE handle = 'alice'")
    assert kept == ["hours"], "as on the first day"


def photos_in(settings: Settings) -> set[Path]:
    return set((settings.data_dir / "media").rglob("*.webp"))


async def put_photo(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    return await client.post("/moi/profil/photo", files={"photo": ("moi.jpg", data, "image/jpeg")})


async def test_a_photo_is_put_replaced_and_taken_away_with_its_files(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, settings: Settings
) -> None:
    assert (await put_photo(alice, encoded(scene(400, 300)))).status_code == 303
    first = photos_in(settings)
    shown = await bob.get("/membres/alice/photo-320.webp")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["cache-control"].startswith("private")
    assert 'src="/membres/alice/photo-320.webp' in (await bob.get("/membres/alice")).text
    assert 'src="/membres/alice/photo-320.webp' in (await bob.get("/experts")).text

    await put_photo(alice, encoded(scene(400, 300)))
    await until(lambda: photos_in(settings).isdisjoint(first))
    assert len(photos_in(settings)) == len(first)

    assert (await alice.post("/moi/profil/photo/retrait")).status_code == 303
    await until(lambda: not photos_in(settings))
    assert (await bob.get("/membres/alice/photo-320.webp")).status_code == 404
    assert (await alice.post("/moi/profil/photo/retrait")).status_code == 303, "twice does no harm"


async def test_what_is_no_photo_is_refused_and_the_one_before_stays(
    alice: httpx.AsyncClient, settings: Settings
) -> None:
    await put_photo(alice, encoded(scene(400, 300)))
    before = photos_in(settings)
    answer = await put_photo(alice, b"<svg></svg>")
    assert answer.status_code == 422
    assert "n’est pas une photo" in answer.text
    nothing = await alice.post("/moi/profil/photo", data={"photo": ""})
    assert nothing.status_code == 422
    assert "Choisissez une photo" in nothing.text
    assert photos_in(settings) == before


@pytest.mark.parametrize("width", [1, 321, 5000])
async def test_a_photo_has_its_widths_only(alice: httpx.AsyncClient, width: int) -> None:
    await put_photo(alice, encoded(scene(400, 300)))
    assert (await alice.get(f"/membres/alice/photo-{width}.webp")).status_code == 404


async def test_a_message_to_somebody_found_begins_with_what_was_sought(
    bob: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    assert 'href="/membres/alice?pour=couture"' in (await bob.get("/experts?q=couture")).text
    page = plain((await bob.get("/membres/alice?pour=un%20ourlet%20%3Cb%3E")).text)
    assert "Bonjour Alice, j’aurais besoin de vous. Je cherchais : un ourlet &lt;b&gt;." in page

    sent = await bob.post(
        "/messages/nouveau",
        data={"membre": str(town["alice"]), "body": "Un ourlet, samedi ?", "client_id": "0123456789abcdef"},
    )
    assert sent.status_code == 303
    assert "Un ourlet, samedi ?" in (await alice.get(sent.headers["location"])).text


@pytest.mark.parametrize("path", ["/membres/" + "x" * 41, "/associations/" + "x" * 81])
async def test_an_address_longer_than_any_name_is_nobodys(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
