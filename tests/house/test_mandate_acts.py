"""The book of a mandate: kept for ever, so nobody's words are in it, and every act has its sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from echange.app import ACT_SUBJECTS
from echange.members.mandates.words import ABOUT, DONE
from echange.mutual_aid.newcomers import CONSENT

ROOT: Final = Path(__file__).parent.parent.parent / "echange"
WORDS: Final = {"title", "name", "words", "body", "reason", "place"}


def noted(source: str) -> Iterator[ast.Call]:
    """The calls of `note_act`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_act":
            yield node


def names_words(call: ast.Call) -> bool:
    return any(given.arg is None or given.arg in WORDS for given in call.keywords)


def all_calls() -> list[tuple[str, ast.Call]]:
    return [(path.name, call) for path in sorted(ROOT.rglob("*.py")) for call in noted(path.read_text())]


def test_no_act_keeps_what_people_wrote() -> None:
    calls = all_calls()
    assert len(calls) > 20
    assert [(name, call.lineno) for name, call in calls if names_words(call)] == []


@pytest.mark.parametrize("given", ["title=aid.title", "name=self.name", "words=words", "**data"])
def test_the_search_finds_words(given: str) -> None:
    (call,) = noted(f'note_act(by, "done", ("help", 1), {given})')
    assert names_words(call)


def test_every_act_has_its_sentence() -> None:
    said = {call.args[1].value for _name, call in all_calls() if isinstance(call.args[1], ast.Constant)}
    assert said - set(DONE) == set()
    assert CONSENT in DONE


def test_what_acts_are_about_has_its_words_and_a_room_that_names_it() -> None:
    abouts = [call.args[2] for _name, call in all_calls()]
    kinds = {about.elts[0].value for about in abouts if isinstance(about, ast.Tuple)}  # type: ignore[attr-defined]
    # Of a member it is the person themselves, of whom the whole book is.
    assert kinds - {"member"} == set(ABOUT) == {subject.kind for subject in ACT_SUBJECTS}
