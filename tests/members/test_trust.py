"""Met by the desk, known to verified neighbours: who is verified, and until when."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.config import Settings
from echange.database import in_transaction
from echange.http import NotAllowed, NotFound, Viewer
from echange.media import Store
from echange.members import Block, Member, trust_of
from echange.members.account.leaving import erase
from echange.members.models import Cooptation, Verification
from echange.members.models.trust import NotYetVerified, TrustInOneself
from echange.members.privacy import belongings
from echange.members.reportable import ReportableMember
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture(autouse=True)
async def nobody_is_verified(town: Town, connection: Raw) -> None:
    """The neighbours arrive verified; here they start without any sign."""
    await connection.execute("DELETE FROM verification")


@pytest.fixture
async def desk(orm: None, town: Town) -> Town:
    """Alice and Bob have been met by the desk."""
    for handle in ("alice", "bob"):
        await Verification.give(await person(town, handle), by=town["concierge"])
    return town


async def person(town: Town, handle: str) -> Member:
    return await Member.get(id=town[handle])


async def verified(town: Town) -> set[str]:
    """Who is verified now."""
    ids = {one.id for one in await Member.filter(verified_at__isnull=False)}
    return {handle for handle, id_ in town.ids.items() if id_ in ids}


async def vouch(town: Town, by: str, *handles: str) -> None:
    for handle in handles:
        await Cooptation.give(await person(town, handle), by=town[by])


async def notices(connection: Raw, member_id: int) -> list[str]:
    rows = await connection.fetch("SELECT kind FROM notice WHERE member_id = $1 ORDER BY id", member_id)
    return [row["kind"] for row in rows]


async def test_the_desk_verifies_whom_it_met_once_and_says_so(desk: Town, connection: Raw) -> None:
    await Verification.give(await person(desk, "alice"), by=desk["admin"])
    assert await verified(desk) == {"alice", "bob"}
    assert await notices(connection, desk["alice"]) == ["verified"]
    acts = await connection.fetch("SELECT what, by_id FROM staff_act WHERE about_id = $1", desk["alice"])
    assert [tuple(act) for act in acts] == [("verified", desk["concierge"])]
    trust = await trust_of(desk["alice"], None)
    assert trust.desk is not None
    assert (trust.verified, trust.desk.name) == (True, "Nadia Petit")


async def test_nobody_of_the_desk_verifies_or_unverifies_themselves(orm: None, town: Town) -> None:
    nadia = await person(town, "concierge")
    with pytest.raises(TrustInOneself):
        await Verification.give(nadia, by=nadia.id)
    await Verification.give(nadia, by=town["admin"])
    with pytest.raises(TrustInOneself):
        await Verification.withdraw(nadia, by=nadia.id, reason="oups")
    assert await verified(town) == {"concierge"}


async def test_a_verification_is_taken_back_with_a_reason_that_is_told(desk: Town, connection: Raw) -> None:
    await Verification.withdraw(await person(desk, "alice"), by=desk["concierge"], reason="Un autre nom")
    assert await verified(desk) == {"bob"}
    assert await notices(connection, desk["alice"]) == ["verified", "verification_withdrawn"]
    said = await connection.fetchval("SELECT data ->> 'reason' FROM staff_act ORDER BY id DESC LIMIT 1")
    assert said == "Un autre nom"
    with pytest.raises(NotFound):
        await Verification.withdraw(await person(desk, "alice"), by=desk["concierge"], reason="encore")


async def test_two_verified_neighbours_make_a_third_one_verified(desk: Town, connection: Raw) -> None:
    await vouch(desk, "alice", "charlie", "charlie")
    assert await verified(desk) == {"alice", "bob"}
    await vouch(desk, "bob", "charlie")
    assert await verified(desk) == {"alice", "bob", "charlie"}
    assert await notices(connection, desk["charlie"]) == ["vouched", "vouched", "trusted"]
    trust = await trust_of(desk["charlie"], None)
    assert [sign.name for sign in trust.neighbours] == ["Alice Morel", "Bob Traoré"]
    await Cooptation.withdraw(await person(desk, "charlie"), by=desk["bob"])
    assert await verified(desk) == {"alice", "bob"}
    assert await notices(connection, desk["charlie"]) == ["vouched", "vouched", "trusted", "trusted_no_more"]


async def test_somebody_not_verified_vouches_for_nobody_nor_anybody_for_themselves(desk: Town) -> None:
    with pytest.raises(NotYetVerified):
        await vouch(desk, "charlie", "alice")
    with pytest.raises(TrustInOneself):
        await vouch(desk, "alice", "alice")


async def test_who_stood_on_a_neighbours_word_falls_with_it_and_the_desks_own_stay(desk: Town) -> None:
    for by in ("alice", "bob"):
        await vouch(desk, by, "charlie")
    for by in ("alice", "charlie"):
        await vouch(desk, by, "redoute", "bob")
    assert await verified(desk) == {"alice", "bob", "charlie", "redoute"}
    await Verification.withdraw(await person(desk, "alice"), by=desk["concierge"], reason="Partie")
    assert await verified(desk) == {"bob"}
    await Verification.give(await person(desk, "alice"), by=desk["concierge"])
    assert await verified(desk) == {"alice", "bob", "charlie", "redoute"}


async def test_a_ring_that_vouches_for_itself_holds_nobody_once_the_desk_lets_go(desk: Town) -> None:
    ring = ("charlie", "redoute", "moderatrice")
    for by in ("alice", "bob"):
        await vouch(desk, by, *ring)
    for by in ring:
        await vouch(desk, by, *(other for other in ring if other != by))
    for by in ("alice", "bob"):
        for handle in ring:
            await Cooptation.withdraw(await person(desk, handle), by=desk[by])
    assert await verified(desk) == {"alice", "bob"}


@pytest.mark.parametrize("gone", ["hidden_at", "left_at"])
async def test_who_is_hidden_or_has_left_vouches_for_nobody_any_more(
    desk: Town, connection: Raw, gone: str
) -> None:
    for by in ("alice", "bob"):
        await vouch(desk, by, "charlie")
    leaving = ", leaving_at = now()" if gone == "left_at" else ""
    await connection.execute(f"UPDATE member SET {gone} = now(){leaving} WHERE id = $1", desk["bob"])
    assert "charlie" not in await verified(desk)
    await connection.execute(f"UPDATE member SET {gone} = NULL WHERE id = $1", desk["bob"])
    assert "charlie" in await verified(desk)


async def test_a_pause_takes_nothing_from_those_one_vouched_for(desk: Town, connection: Raw) -> None:
    for by in ("alice", "bob"):
        await vouch(desk, by, "charlie")
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", desk["bob"])
    assert "charlie" in await verified(desk)
    assert [sign.name for sign in (await trust_of(desk["charlie"], None)).neighbours] == ["Alice Morel"]


async def test_two_who_vouch_at_once_are_both_counted(desk: Town) -> None:
    await asyncio.gather(*(vouch(desk, by, "charlie") for by in ("alice", "bob")))
    assert "charlie" in await verified(desk)
    charlie = await person(desk, "charlie")
    await asyncio.gather(
        Cooptation.withdraw(charlie, by=desk["bob"]),
        vouch(desk, "charlie", "redoute"),
        vouch(desk, "alice", "redoute"),
    )
    assert await verified(desk) == {"alice", "bob"}


async def somebody_waits(connection: Raw) -> None:
    async with asyncio.timeout(10):
        while True:
            if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("goes", ["hidden", "erased"])
async def test_whose_word_ends_while_signs_are_counted_waits_for_the_count(
    goes: str, desk: Town, connection: Raw, settings: Settings
) -> None:
    await vouch(desk, "bob", "charlie")
    bob = desk["bob"]
    await connection.execute("UPDATE member SET leaving_at = now() - interval '15 days' WHERE id = $1", bob)

    async def end() -> None:
        async with in_transaction():
            if goes == "hidden":
                await ReportableMember().hide(bob, by=Viewer(desk["moderatrice"], "", "", confirmed=True))
            else:
                await erase(bob, (belongings,), Store(settings.data_dir / "media"))

    counting = connection.transaction()
    await counting.start()
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('recompute_trust'))")
    ending = asyncio.create_task(end())
    await somebody_waits(connection)
    await connection.execute("SET LOCAL lock_timeout = '2s'")
    await connection.execute("UPDATE member SET verified_at = now() WHERE id = $1", bob)
    await counting.commit()
    await ending
    assert "charlie" not in await verified(desk)


async def test_who_is_hidden_gives_no_new_sign(desk: Town, connection: Raw) -> None:
    await connection.execute("UPDATE member SET hidden_at = now() WHERE id = $1", desk["bob"])
    with pytest.raises(NotAllowed):
        await vouch(desk, "bob", "charlie")
    assert await notices(connection, desk["charlie"]) == []


async def test_nobody_blocks_who_has_left_for_good(desk: Town, connection: Raw) -> None:
    await connection.execute("UPDATE member SET leaving_at = now(), left_at = now() WHERE handle = 'charlie'")
    with pytest.raises(NotFound):
        await Block.put(desk["charlie"], by=desk["bob"])


async def test_who_blocks_somebody_vouches_for_them_no_more(desk: Town) -> None:
    for by in ("alice", "bob"):
        await vouch(desk, by, "charlie")
    await Block.put(desk["charlie"], by=desk["bob"])
    assert "charlie" not in await verified(desk)


async def test_signs_are_given_and_taken_back_from_the_profile(
    alice: httpx.AsyncClient, town: Town, orm: None
) -> None:
    asked = await alice.get("/membres/bob/cooptation")
    assert "Vous connaissez Bob Traoré" in asked.text
    refused = await alice.post("/membres/bob/cooptation")
    assert (refused.status_code, "d’abord être vérifié" in refused.text) == (422, True)
    await Verification.give(await person(town, "alice"), by=town["concierge"])
    assert (await alice.post("/membres/bob/cooptation")).headers["location"] == "/membres/bob"
    assert (await trust_of(town["bob"], None)).neighbours[0].name == "Alice Morel"
    assert (await alice.post("/membres/bob/cooptation/retrait")).status_code == 303
    assert not await trust_of(town["bob"], None)


async def test_the_desk_verifies_from_its_pages_and_members_do_not(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, orm: None, connection: Raw
) -> None:
    assert (await alice.post("/membres/bob/verification")).status_code == 403
    assert (await alice.put(f"/api/v1/members/{town['bob']}/verification")).status_code == 403
    await connection.execute(
        "INSERT INTO staff_role (member_id, role) VALUES ($1, 'concierge')", town["alice"]
    )
    assert "Vous avez rencontré Bob Traoré" in (await alice.get("/membres/bob/verification")).text
    assert (await alice.post("/membres/bob/verification")).status_code == 303
    assert "votre profil est maintenant vérifié" in (await bob.get("/avis")).text
    nothing_said = await alice.post("/membres/bob/verification/retrait", data={"reason": " "})
    assert (nothing_said.status_code, "<title>Erreur" in nothing_said.text) == (422, True)
    await alice.post("/membres/bob/verification/retrait", data={"reason": "Ce n’était pas Bob."})
    assert "Ce n’était pas Bob" in (await bob.get("/avis")).text
    assert await verified(town) == set()


async def test_programs_give_and_take_back_the_same_signs(
    alice: httpx.AsyncClient, town: Town, orm: None, connection: Raw
) -> None:
    bob = f"/api/v1/members/{town['bob']}"
    refused = await alice.put(f"{bob}/cooptation")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_verified")
    await Verification.give(await person(town, "alice"), by=town["concierge"])
    told = (await alice.put(f"{bob}/cooptation")).json()
    assert (told["verified"], told["vouched"], len(told["neighbours"])) == (False, True, 1)
    assert (await alice.get(f"{bob}/trust")).json() == told
    assert (await alice.delete(f"{bob}/cooptation")).json()["neighbours"] == []
    for nobody in ("away", "absent"):
        if nobody == "away":
            await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
        number = town["bob"] if nobody == "away" else 987654
        assert (await alice.put(f"/api/v1/members/{number}/cooptation")).status_code == 404
