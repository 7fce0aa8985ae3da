"""A category is suggested from the title."""

import pytest

from echange.ads.categories import CATEGORIES, suggested_for
from tests.ads.titles import TITLES


@pytest.mark.parametrize("category", TITLES)
def test_titles_suggest_their_category(category: str) -> None:
    assert {title: suggested_for(title) for title in TITLES[category]} == dict.fromkeys(
        TITLES[category], category
    )


def test_there_are_enough_titles() -> None:
    assert set(TITLES) <= {*CATEGORIES, ""}
    assert sum(map(len, TITLES.values())) >= 60
