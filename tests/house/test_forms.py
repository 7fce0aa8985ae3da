"""Forms and answers are worked out when first used; here all are, so that no mistake waits for a visitor."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

import echange.app
from echange.http import Form, Out


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


@pytest.mark.parametrize(
    "model", sorted({*_below(Form), *_below(Out)}, key=str), ids=lambda model: model.__name__
)
def test_what_is_read_or_said_can_be_worked_out(model: type[BaseModel]) -> None:
    model.model_rebuild()
    assert model.__pydantic_complete__


def test_whatever_the_api_answers_with_waits_to_be_worked_out() -> None:
    routes = [route for group in echange.app.API for route in group]
    answers = {route.operation.answer for route in routes if route.operation and route.operation.answer}
    assert {answer for answer in answers if not answer.model_config.get("defer_build")} == set()
