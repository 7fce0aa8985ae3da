"""The card on the conversation about an exchange says the next step to each of its two."""

import httpx

from echange.exchanges.models import Exchange
from echange.exchanges.notices import kinds
from echange.exchanges.subject import subject
from echange.http import Viewer
from echange.i18n import speaking
from tests.exchanges.twos import accepted, declared, disputed, proposed, settled, somebody
from tests.neighbours import Town


async def _step(it: Exchange, viewer: Viewer) -> tuple[str, str, list[str]]:
    card = (await subject.cards([it.id], viewer))[it.id]
    assert card.url == f"/echanges/{it.id}"
    assert sum(action.primary for action in card.actions) <= 1
    return card.state, card.next_step, [action.label for action in card.actions]


async def test_each_reads_their_own_next_step(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await proposed(town)
    assert await _step(it, alice) == (
        "waiting",
        "Temps proposé : 1 h 30. Dites oui ou non.",
        ["C’est d’accord", "Voir la proposition"],
    )
    assert await _step(it, bob) == ("waiting", "Votre proposition attend une réponse.", [])
    await it.accept(by=alice)
    assert (await _step(it, bob))[2] == ["C’est fait : noter le temps"]
    await it.declare(by=bob, minutes=60)
    assert (await _step(it, alice))[2] == ["Confirmer le temps"]
    assert "1\xa0h" in (await _step(it, bob))[1]
    await it.confirm(by=alice)
    assert await _step(it, bob) == ("thanks", "C’est compté. Un merci fait toujours plaisir.", ["Dire merci"])


async def test_every_state_has_its_card(orm: None, town: Town) -> None:
    alice = somebody(town, "alice")
    cancelled = await accepted(town, title="Annulé")
    await cancelled.cancel(by=alice)
    for it, state in (
        (await disputed(town), "late"), (await declared(town), "waiting"),
        (await settled(town, 10), "thanks"), (cancelled, "closed"),
    ):  # fmt: skip
        for viewer in (alice, somebody(town, "bob"), somebody(town, "moderatrice", "moderator")):
            cards = await subject.cards([it.id], viewer)
            if viewer.roles and state != "late":
                assert cards == {}
            else:
                assert cards[it.id].state == state
                assert cards[it.id].next_step or viewer.roles


async def test_strangers_get_no_card_and_nobody_to_write_to(orm: None, town: Town) -> None:
    it = await proposed(town)
    assert await subject.cards([it.id], somebody(town, "charlie")) == {}
    assert await subject.counterpart(it.id, somebody(town, "charlie")) is None
    assert await subject.counterpart(it.id, somebody(town, "bob")) == town["alice"]
    assert await subject.counterpart(987654, somebody(town, "bob")) is None


async def test_the_conversation_is_one_for_both(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    body = {"with": town["alice"], "giving": True, "minutes": 60, "title": "Haie"}
    it = (await bob.post("/api/v1/exchanges", json=body)).json()
    about = {"about": {"kind": "exchange", "id": it["id"]}}
    opened = await bob.post("/api/v1/conversations", json=about)
    assert opened.json()["id"] == it["conversation"]
    assert (await alice.post("/api/v1/conversations", json=about)).status_code == 404
    shown = (await alice.get(f"/api/v1/conversations/{it['conversation']}")).json()
    assert [one["id"] for one in shown["members"]] == [town["bob"]]


def test_every_notice_is_a_sentence_in_both_languages() -> None:
    data = {"name": "Bob", "title": "Haie", "minutes": 90}
    for locale in ("fr", "en"):
        with speaking(locale):
            for kind in kinds:
                said = kind.sentence(data)
                assert "{" not in said
                assert said[-1] not in ".!", kind.name
