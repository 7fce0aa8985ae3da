"""What journeys of lending share: days to choose, clicks to count, the desk, days that pass."""

from datetime import timedelta
from typing import Final

from playwright.async_api import Locator, Page, ViewportSize

from echange.http.dates import now
from echange.lending import Loan
from tests.lending.desk_things import long_ago
from tests.lending.test_calendar_page import next_weekday

PHONE: Final = ViewportSize(width=360, height=740)
FRIDAY: Final = next_weekday(4)
TUESDAY: Final = FRIDAY + timedelta(days=4)


class Clicks:
    """Counts them."""

    def __init__(self) -> None:
        self.made = 0

    async def on(self, what: Locator) -> None:
        await what.click()
        self.made += 1


async def newest() -> Loan:
    """The loan that was asked for last."""
    return (await Loan.all().order_by("-id").limit(1))[0]


async def its_day_comes() -> None:
    """The newest loan begins now."""
    it = await newest()
    await long_ago(it.id, (it.starts_at - now()) / timedelta(hours=1))


async def to_the_desk(keeper: Page) -> None:
    """By links, from one's own page."""
    await keeper.goto("/moi")
    await keeper.get_by_role("link", name="Ce que je prête", exact=True).click()
    await keeper.get_by_role("link", name="Le tableau des prêts").click()
    await keeper.get_by_role("link", name="Comptoir", exact=True).click()


async def type_code(keeper: Page, code: str) -> None:
    """At the desk, where the camera is of no use."""
    await to_the_desk(keeper)
    await keeper.get_by_label("Code de l’étiquette ou nom").fill(code)
    await keeper.get_by_role("button", name="Chercher").click()
