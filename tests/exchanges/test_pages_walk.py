"""Through the pages alone: every state of an exchange is reached, says what comes next, and is left again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import httpx
import pytest

from echange.exchanges import clock
from tests.exchanges.twos import days_earlier, disputed, proposed, settled, state_of, transfers
from tests.exchanges.walking import Two, at, lead, press, title_of
from tests.neighbours import Town

Way = Callable[[Two], Awaitable[str]]
# From a state, by whom and what they press, to which one.
WAYS: Final = {
    "yes": ("proposed", "alice", "accord", {}, "accepted"),
    "no": ("proposed", "alice", "refus", {"words": "Pas ce samedi."}, "declined"),
    "a proposal taken back": ("proposed", "bob", "annulation", {}, "cancelled"),
    "begun": ("accepted", "alice", "debut", {}, "under_way"),
    "done without having begun": ("accepted", "bob", "temps", {"minutes": "1 h 15"}, "declared"),
    "called off": ("accepted", "alice", "annulation", {"words": "Je suis malade."}, "cancelled"),
    "done": ("under_way", "alice", "temps", {"minutes": "90"}, "declared"),
    "called off meanwhile": ("under_way", "bob", "annulation", {}, "cancelled"),
    "confirmed": ("declared", "alice", "confirmation", {"seen": "90"}, "settled"),
    "another figure": ("declared", "alice", "autre-temps", {"minutes": "1h"}, "declared"),
    "a figure taken back": ("declared", "bob", "reprise", {}, "under_way"),
    "not agreed": ("declared", "alice", "desaccord", {"reason": "C’était une heure."}, "disputed"),
    "agreed after all": ("disputed", "alice", "confirmation", {"seen": "90"}, "settled"),
    "thanked": ("settled", "alice", "merci", {"words": "Merci pour l’armoire."}, "settled"),
}
HEADINGS: Final = {
    "proposed": ("À vous de répondre", "n’a pas encore répondu"),
    "accepted": ("C’est fait\u00a0?", "C’est fait\u00a0?"),
    "under_way": ("Combien de temps cela a-t-il pris", "Combien de temps cela a-t-il pris"),
    "declared": ("a noté 1\u00a0h\u00a030", "Vous avez noté 1\u00a0h\u00a030"),
    "disputed": ("La modération va trancher", "La modération va trancher"),
    "settled": ("de moins sur votre compte", "de plus sur votre compte"),
    "declined": ("Refusé", "Refusé"),
    "cancelled": ("Annulé", "Annulé"),
    "expired": ("Sans suite", "Sans suite"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_each_step_is_a_button_that_leads_to_the_next_state(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, way: str
) -> None:
    before, who, act, words, after = WAYS[way]
    two = Two(alice, bob, town)
    it = await lead(two, before)
    client = two.of(who)
    assert f"/echanges/{it.id}/{act}" in (await client.get(it.url)).text
    for _ in range(2):
        answer = await press(client, it, act, words)
        assert answer.status_code in {303, 422}
    assert (await client.get(it.url)).status_code == 200
    assert await state_of(it) == after
    assert await transfers(it) <= 1


@pytest.mark.parametrize("state", HEADINGS)
async def test_each_state_says_to_both_what_comes_next(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, state: str
) -> None:
    two = Two(alice, bob, town)
    it = await lead(two, state)
    assert await state_of(it) == state
    for client, heading in zip((alice, bob), HEADINGS[state], strict=True):
        page = (await client.get(it.url)).text
        assert heading in page, (state, heading)
        assert page.count('<p class="exchange-') == page.count('<p class="exchange-desk')
        # Nobody is left without a way on.
        frame = page.partition('id="suite"')[2].partition("</section>")[0]
        assert "button" in frame or state == "disputed"


@pytest.mark.parametrize("state", ["declined", "cancelled", "expired", "settled"])
async def test_what_is_over_is_proposed_again_with_a_click(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, state: str
) -> None:
    it = await lead(Two(alice, bob, town), state)
    assert f"/echanges/proposer?encore={it.id}" in (await alice.get(it.url)).text
    page = await alice.get(f"/echanges/proposer?encore={it.id}")
    assert page.status_code == 200
    assert 'value="Monter une armoire"' in page.text
    assert 'value="1\u00a0h\u00a030"' in page.text
    again = await alice.post(
        f"/echanges/proposer?encore={it.id}",
        data={"way": "receive", "title": "Monter une armoire", "minutes": "1 h 30"},
    )
    assert again.status_code == 303
    assert at(again) != it.url


async def test_two_figures_then_only_yes_or_a_moderator(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    two = Two(alice, bob, town)
    it = await lead(two, "declared")
    await press(alice, it, "autre-temps", {"minutes": "1 h"})
    page = (await bob.get(it.url)).text
    assert "a plutôt compté 1\u00a0h" in page
    assert "/autre-temps" not in page
    third = await press(bob, it, "autre-temps", {"minutes": "2 h"})
    assert third.status_code == 422
    assert "Chacun a donné son chiffre" in third.text
    assert at(await press(bob, it, "confirmation", {"seen": "60"})) == it.url
    assert await state_of(it) == "settled"


async def test_a_yes_is_to_the_figure_that_was_read(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await lead(Two(alice, bob, town), "declared")
    await press(bob, it, "reprise", {})
    await press(bob, it, "temps", {"minutes": "4 h"})
    late = await press(alice, it, "confirmation", {"seen": "90"})
    assert late.status_code == 422
    assert "a changé entre-temps" in late.text
    assert await state_of(it) == "declared"


REFUSED: Final = {
    "no figure": ("accepted", "bob", "temps", {"minutes": ""}, "Remplissez ce champ"),
    "words for a figure": ("accepted", "bob", "temps", {"minutes": "longtemps"}, "Écrivez une durée"),
    "hours or minutes": ("accepted", "bob", "temps", {"minutes": "2"}, "Des heures ou des minutes"),
    "more than a day": ("accepted", "bob", "temps", {"minutes": "25 h"}, "Entre"),
    "no other figure": ("declared", "alice", "autre-temps", {"minutes": ""}, "Remplissez ce champ"),
    "no reason": ("declared", "alice", "desaccord", {"reason": " "}, "Remplissez ce champ"),
    "too many words": ("proposed", "alice", "refus", {"words": "m" * 2001}, "Pas plus de"),
    "no thanks": ("settled", "alice", "merci", {"words": ""}, "Remplissez ce champ"),
    "long thanks": ("settled", "alice", "merci", {"words": "m" * 501}, "Pas plus de"),
    "own figure": ("declared", "bob", "confirmation", {"seen": "90"}, "à l’autre personne de répondre"),
    "own proposal": ("proposed", "bob", "accord", {}, "à l’autre personne de répondre"),
    "too late to call off": ("declared", "bob", "annulation", {"words": "Non"}, "a changé entre-temps"),
    "half a number": ("declared", "alice", "confirmation", {"seen": "beaucoup"}, "Écrivez un nombre"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_no_is_told_on_the_page_and_the_words_stay(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, case: str
) -> None:
    before, who, act, words, said = REFUSED[case]
    two = Two(alice, bob, town)
    it = await lead(two, before)
    answer = await press(two.of(who), it, act, words)
    assert answer.status_code == 422
    assert title_of(answer).startswith("Erreur")
    assert said in answer.text
    for value in words.values():
        assert value.strip() in answer.text or act == "confirmation"
    assert await state_of(it) == before


async def test_somebody_who_has_not_enough_is_told_what_can_be_done(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await lead(Two(alice, bob, town), "accepted")
    await press(bob, it, "temps", {"minutes": "20 h"})
    answer = await press(alice, it, "confirmation", {"seen": "1200"})
    assert answer.status_code == 422
    assert "fonds de solidarité" in answer.text
    assert await state_of(it) == "declared"
    assert "/autre-temps" in answer.text, "a smaller figure can be given"


@pytest.mark.parametrize(
    "path",
    ["", "/accord", "/refus", "/debut", "/temps", "/reprise", "/confirmation", "/autre-temps", "/desaccord",
     "/annulation", "/merci"],
)  # fmt: skip
async def test_an_exchange_of_others_does_not_exist(
    charlie: httpx.AsyncClient, town: Town, path: str
) -> None:
    it = await proposed(town)
    answers = [
        await charlie.post(it.url + path, data={"minutes": "60", "seen": "60", "words": "m", "reason": "m"})
    ]
    if path in {"", "/desaccord", "/annulation"}:
        answers = [*([] if not path else answers), await charlie.get(it.url + path)]
    assert {answer.status_code for answer in answers} == {404}
    assert await state_of(it) == "proposed"


async def test_questions_that_are_late_lead_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await lead(Two(alice, bob, town), "settled")
    for path in ("/desaccord", "/annulation"):
        answer = await alice.get(it.url + path)
        assert (answer.status_code, at(answer)) == (303, it.url)


async def test_an_appointment_ahead_is_said_before_anything_is_asked(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    from echange.http.dates import now

    it = await proposed(town, starts_at=now() + timedelta(days=3), place="Devant la médiathèque")
    await press(alice, it, "accord", {})
    page = (await bob.get(it.url)).text
    assert "C’est convenu" in page
    assert "Devant la médiathèque" in page
    assert f"{it.url}/debut" not in page


async def test_silence_is_told_to_both_with_a_way_on(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await lead(Two(alice, bob, town), "declared")
    await days_earlier(it, 15)
    await clock.tick()
    page = (await alice.get(it.url)).text
    assert "Deux semaines sans réponse" in page
    assert "La modération va trancher" in page


async def test_the_history_reads_from_both_sides(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await disputed(town)
    hers, his = (await alice.get(it.url)).text, (await bob.get(it.url)).text
    assert "Vous avez demandé à la modération de trancher." in hers
    assert "Bob Mercier a noté" in hers or "a noté 1\u00a0h\u00a030" in hers
    assert "Vous avez noté 1\u00a0h\u00a030." in his
    for page in (hers, his):
        assert "C’était une heure." in page
        assert "Samedi matin, si cela vous va" in page


async def test_what_is_offered_moves_nothing_and_says_so(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await settled(town, 0)
    page = (await alice.get(it.url)).text
    assert "C’est offert" in page
    assert "Aucune heure n’a bougé" in page
