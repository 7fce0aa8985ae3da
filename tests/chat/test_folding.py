"""What stands in a conversation is what its events make of it, whenever one began to listen."""

import base64
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.async_api import Browser

from echange.chat.amending import REACTIONS
from echange.chat.events import Event
from echange.chat.folding import Fold, fold
from echange.chat.signs import SIGNS
from tests.chat.histories import History, histories

FOLD_JS = Path(__file__).resolve().parents[2] / "web" / "static" / "js" / "messages" / "fold.js"
# What the page does: it starts from what it was given, then takes what the socket tells.
IN_A_BROWSER = """async ([source, cases]) => {
    const { Fold } = await import(`data:text/javascript;base64,${source}`);
    return cases.map(([known, told]) => {
        const fold = new Fold(known);
        for (const event of told) fold.take(event);
        return [...fold.entries.values()];
    });
}"""


def plain(value: object) -> Any:
    return json.loads(orjson.dumps(value))


def entries(events: list[Event]) -> list[dict[str, Any]]:
    return [plain(one.told()) for one in fold(events)]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(history=histories(), share=st.floats(0, 1))
def test_what_was_read_and_what_was_told_since_make_what_is_read_now(history: History, share: float) -> None:
    cursor = round(share * len(history.told))
    cached = Fold()
    for event in [*history.read(cursor), *history.told[cursor:]]:
        cached.take(event)
    assert [plain(one.told()) for one in cached.entries()] == entries(history.log)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(history=histories(), share=st.floats(0, 1))
def test_hearing_again_what_one_knows_changes_nothing_in_the_end(history: History, share: float) -> None:
    again = history.told[round(share * len(history.told)) :]
    known = Fold()
    for event in [*history.log, *again]:
        known.take(event)
    assert [plain(one.told()) for one in known.entries()] == entries(history.log)


def test_nothing_is_left_of_a_deleted_message() -> None:
    history = History()
    history.append("message", 1, {"body": "Le code est 4021"})
    history.append("edit", 1, {"body": "Le code est 4022"}, 1)
    history.append("reaction", 2, {"emoji": "👍", "on": True}, 1)
    history.append("delete", 1, {}, 1)
    for events in (history.told, history.log):
        (entry,) = fold(events)
        assert (entry.gone, entry.data, entry.edited, entry.reactions) == (True, {}, False, {})


def test_one_person_counts_once_under_a_sign() -> None:
    history = History()
    history.append("message", 1, {"body": "Bonjour"})
    for on in (True, True):
        history.append("reaction", 2, {"emoji": "❤️", "on": on}, 1)
    history.append("reaction", 3, {"emoji": "❤️", "on": True}, 1)
    assert fold(history.log)[0].reactions == {"❤️": [2, 3]}
    for by in (2, 2, 3):
        history.append("reaction", by, {"emoji": "❤️", "on": False}, 1)
    assert fold(history.log)[0].reactions == {}


def test_what_is_kept_from_the_reader_changes_nothing() -> None:
    history = History()
    history.append("message", 1, {"body": "Bonjour"})
    history.append("edit", 1, {"body": "Bonsoir"}, 1)
    history.append("reaction", 2, {"emoji": "👍", "on": True}, 1)
    history.append("message", 2, {"body": "Salut"})
    first, second = fold([one.seen_by({2}) for one in history.log])
    assert (first.data["body"], first.edited, first.reactions) == ("Bonsoir", True, {})
    assert (second.gone, second.data) == (True, {})


def test_every_sign_has_its_drawing() -> None:
    assert tuple(one.emoji for one in SIGNS) == REACTIONS
    drawings = (FOLD_JS.parents[2] / "drawings" / "signs.svg").read_text()
    assert all(f'<symbol id="{one.drawing}"' in drawings for one in SIGNS)


@pytest.mark.browser
async def test_the_page_folds_as_the_server_does(browser: Browser) -> None:
    cases: list[Any] = []
    wanted: list[Any] = []
    for history in drawn(60):
        for cursor in {0, len(history.told) // 2, len(history.told)}:
            cases.append([entries(history.read(cursor)), plain(history.told[cursor:])])
            wanted.append(entries(history.log))
        # Read over HTTP after a long absence, by somebody kept from one of them.
        kept = [one.seen_by({2}) for one in history.log]
        cases.append([[], plain(kept)])
        wanted.append(entries(kept))
    page = await browser.new_page()
    source = base64.b64encode(FOLD_JS.read_bytes()).decode()
    found = await page.evaluate(IN_A_BROWSER, [source, cases])
    for mine, theirs in zip(found, wanted, strict=True):
        assert by_sign(mine) == by_sign(theirs)


def drawn(count: int) -> list[History]:
    """Histories, gathered in one go: a browser is asked once."""
    gathered: list[History] = []

    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(histories())
    def gather(history: History) -> None:
        gathered.append(history)

    gather()
    return gathered


def by_sign(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda one: int(one["seq"]))
