"""A desk without network: acts are signed on a device, done here in order, each once; conflicts wait."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from echange.database import execute, fetch_value
from tests.lending.asking import ask
from tests.lending.desk_things import act
from tests.lending.things import association_lender, lent
from tests.neighbours import Town

Client = httpx.AsyncClient


@dataclass
class Device:
    """A browser's key, and the sheet it was given."""

    key: ec.EllipticCurvePrivateKey
    sheet: dict[str, Any]

    def signed(self, **said: Any) -> dict[str, str]:
        content = json.dumps({"client_id": "geste-0001", "at": datetime.now(UTC).isoformat(), **said})
        r, s = utils.decode_dss_signature(self.key.sign(content.encode(), ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return {"content": content, "signature": b64encode(raw).decode()}

    async def send(self, client: Client, *acts: dict[str, str], status: int = 200) -> list[dict[str, Any]]:
        answer = await client.post("/api/v1/desk/acts", json={"device": self.sheet["device"], "acts": acts})
        assert answer.status_code == status, answer.text
        return answer.json()["items"] if status == 200 else [answer.json()]


def public(key: ec.EllipticCurvePrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


async def prepared(client: Client, town: Town) -> Device:
    key = ec.generate_private_key(ec.SECP256R1())
    lender = await association_lender(town)
    body = {"lender": lender.id, "public_key": public(key), "name": "Téléphone du local"}
    answer = await client.post("/api/v1/desk/devices", json=body)
    assert answer.status_code == 201, answer.text
    return Device(key, answer.json())


@pytest.fixture
async def loan(alice: Client, town: Town) -> dict[str, Any]:
    """Two tables that Alice collects within the hour."""
    item = await lent(town, units=3)
    start = datetime.now(UTC) + timedelta(minutes=5)
    end = start + timedelta(days=2)
    return await ask(alice, item.id, quantity=2, start=start.isoformat(), end=end.isoformat())


def codes(loan: dict[str, Any]) -> list[str]:
    return [one["code"] if isinstance(one, dict) else one for one in loan["units"]]


async def test_the_sheet_has_the_day_and_nothing_more(
    keeper: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    (line,) = device.sheet["loans"]
    assert line["id"] == loan["id"]
    assert line["who"] == "Alice M."
    assert set(line) == {"id", "shelf", "state", "who", "title", "at", "units"}
    assert len(line["units"]) == 2


async def test_what_was_done_without_network_is_done_here_once(
    keeper: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    given = [one["code"] for one in device.sheet["loans"][0]["units"]]
    out = device.signed(act="handover", loan=loan["id"], units=given)
    back = device.signed(act="return", loan=loan["id"], units=given[:1], client_id="geste-0002",
                         conditions={given[0]: "worn"})  # fmt: skip
    first = await device.send(keeper, out, back)
    assert [one["outcome"] for one in first] == ["merged", "merged"]
    assert await device.send(keeper, out, back) == first
    told = (await keeper.get(f"/api/v1/reservations/{loan['id']}")).json()
    assert told["state"] == "out"
    assert [one["kind"] for one in told["events"]] == ["agreed", "handed_over", "returned_part"]
    assert await fetch_value("SELECT condition FROM unit WHERE code = $1", given[0]) == "worn"


async def test_what_changed_meanwhile_is_a_conflict_that_somebody_settles(
    keeper: Client, alice: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    given = [one["code"] for one in device.sheet["loans"][0]["units"]]
    await act(alice, loan["id"], "cancellation")
    (told,) = await device.send(keeper, device.signed(act="handover", loan=loan["id"], units=given))
    assert (told["outcome"], told["conflict"]) == ("conflict", "not_now")
    assert await fetch_value("SELECT count(*) FROM booking_holding") == 0


async def test_a_forged_signature_is_refused(keeper: Client, town: Town, loan: dict[str, Any]) -> None:
    device, other = await prepared(keeper, town), ec.generate_private_key(ec.SECP256R1())
    forged = Device(other, device.sheet).signed(act="handover", loan=loan["id"], units=["FRE-001"])
    (told,) = await device.send(keeper, forged, status=422)
    assert told["code"] == "bad_signature"
    honest = device.signed(act="handover", loan=loan["id"], units=["FRE-001"])
    changed = {**honest, "content": honest["content"].replace("handover", "return")}
    (told,) = await device.send(keeper, changed, status=422)
    assert told["code"] == "bad_signature"


async def test_strangers_have_nothing_to_do_with_it(
    keeper: Client, bob: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    signed = device.signed(act="handover", loan=loan["id"], units=["FRE-001"])
    await device.send(bob, signed, status=404)
    number = device.sheet["device"]
    assert (await bob.get(f"/api/v1/desk/devices/{number}/sheet")).status_code == 404
    assert (await bob.delete(f"/api/v1/desk/devices/{number}")).status_code == 404
    lender = await association_lender(town)
    key = public(ec.generate_private_key(ec.SECP256R1()))
    answer = await bob.post("/api/v1/desk/devices", json={"lender": lender.id, "public_key": key})
    assert answer.status_code == 404


async def test_another_lenders_loan_is_not_touched(
    keeper: Client, alice: Client, bob: Client, town: Town
) -> None:
    device = await prepared(keeper, town)
    other = await lent(town, "Échelle", by="bob")
    foreign = await ask(alice, other.id)
    signed = device.signed(act="handover", loan=foreign["id"], units=["BTR-001"])
    await device.send(keeper, signed, status=404)


async def test_after_its_end_nothing_new_is_heard_but_what_was_done_before(
    keeper: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    given = [one["code"] for one in device.sheet["loans"][0]["units"]]
    early = device.signed(act="handover", loan=loan["id"], units=given)
    assert (await keeper.delete(f"/api/v1/desk/devices/{device.sheet['device']}")).status_code == 204
    late = device.signed(
        act="return", loan=loan["id"], units=given, client_id="geste-0002",
        at=(datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    )  # fmt: skip
    (told,) = await device.send(keeper, early)
    assert told["outcome"] == "merged"
    (refused,) = await device.send(keeper, late, status=409)
    assert refused["code"] == "device_ended"
    assert (await keeper.get(f"/api/v1/desk/devices/{device.sheet['device']}/sheet")).status_code == 404


async def test_a_wrong_clock_does_not_write_the_future(
    keeper: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    given = [one["code"] for one in device.sheet["loans"][0]["units"]]
    ahead = (datetime.now(UTC) + timedelta(hours=5)).isoformat()
    await device.send(keeper, device.signed(act="handover", loan=loan["id"], units=given, at=ahead))
    assert await fetch_value("SELECT max(since) <= now() FROM booking_holding")


async def test_the_same_name_with_another_content_is_refused(
    keeper: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    given = [one["code"] for one in device.sheet["loans"][0]["units"]]
    await device.send(keeper, device.signed(act="handover", loan=loan["id"], units=given))
    other = device.signed(act="return", loan=loan["id"], units=given)
    (told,) = await device.send(keeper, other, status=422)
    assert told["code"] == "key_reused"


async def test_bad_keys_are_refused(keeper: Client, town: Town) -> None:
    lender = await association_lender(town)
    wrong_curve = public(ec.generate_private_key(ec.SECP384R1()))
    for key in (wrong_curve, "AAAA", "AAA"):
        answer = await keeper.post("/api/v1/desk/devices", json={"lender": lender.id, "public_key": key})
        assert answer.status_code == 422, key


async def test_ten_devices_at_most(keeper: Client, town: Town) -> None:
    for _n in range(10):
        await prepared(keeper, town)
    lender = await association_lender(town)
    key = public(ec.generate_private_key(ec.SECP256R1()))
    answer = await keeper.post("/api/v1/desk/devices", json={"lender": lender.id, "public_key": key})
    assert answer.json()["code"] == "too_many_devices"
    await execute("UPDATE desk_device SET ends_at = now() - interval '1 hour'")
    await prepared(keeper, town)


async def test_it_ends_with_the_session_it_was_prepared_in(
    keeper: Client, town: Town, loan: dict[str, Any]
) -> None:
    device = await prepared(keeper, town)
    assert await fetch_value("SELECT ended_at IS NULL FROM desk_device")
    assert (await keeper.post("/deconnexion")).status_code == 303
    assert await fetch_value("SELECT ended_at IS NOT NULL AND session_id IS NULL FROM desk_device")
    assert device.sheet["device"]


async def test_a_time_that_is_none_is_refused(keeper: Client, town: Town, loan: dict[str, Any]) -> None:
    device = await prepared(keeper, town)
    units = [one["code"] for one in device.sheet["loans"][0]["units"]]
    for at in ("9999-12-31T23:59:00-12:00", "0001-01-01T00:00:00+12:00"):
        told = device.signed(act="handover", loan=loan["id"], units=units, at=at)
        answer = await keeper.post(
            "/api/v1/desk/acts", json={"device": device.sheet["device"], "acts": [told]}
        )
        assert answer.status_code < 500
    assert await fetch_value("SELECT count(*) FROM loan_event WHERE kind = 'handed_over'") == 0
