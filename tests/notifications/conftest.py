"""An application whose members are told of one kind of thing that matters, whatever the rooms tell."""

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from echange.app import create_app
from echange.config import Settings
from echange.notifications import Kind, Kinds

ANSWER = Kind(
    "answer",
    lambda data: f"{data['name']} a répondu à votre annonce «\u00a0{data.get('title', '')}\u00a0»",
    label="Une réponse à une de mes annonces",
    mail=True,
)


@pytest.fixture
async def app(database_url: str, settings: Settings) -> AsyncIterator[Starlette]:
    """The application, started."""
    application = create_app(settings, database_url)
    application.state.notices = Kinds((ANSWER,))
    async with application.router.lifespan_context(application):
        yield application
