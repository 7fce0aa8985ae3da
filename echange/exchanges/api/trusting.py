"""What exchanges tell of somebody, in JSON: thanks, skills practised, hours given and received."""

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges.loading import own_thanks
from echange.exchanges.queries import given_and_received, practised, thanks_of
from echange.http import Out, answer, anyone, api, member, signed_in, viewer_of
from echange.members import field_name, profile_for

AT_MOST = 100


class ThanksOut(Out):
    """`by` is empty when one may not read who said it."""

    id: int
    words: str
    year: int
    field: str
    by: str


class PractisedOut(Out):
    skill: int
    exchanges: int


class ThanksPage(Out):
    """Minutes are null unless their owner shows them to whom asks."""

    items: list[ThanksOut]
    next: str | None = None
    practised: list[PractisedOut]
    given_minutes: int | None
    received_minutes: int | None


async def show_thanks(request: Request) -> Response:
    viewer = viewer_of(request)
    person = await profile_for(viewer, int(request.path_params["id"]))
    given, received = (None, None) if person.hours is None else await given_and_received(person.id)
    return answer(
        ThanksPage(
            items=[
                ThanksOut(
                    id=one.id,
                    words=one.words,
                    year=one.year,
                    field=field_name(one.field) if one.field else "",
                    by=one.first_name,
                )
                for one in await thanks_of(person.id, viewer, AT_MOST)
            ],
            practised=[
                PractisedOut(skill=skill, exchanges=times)
                for skill, times in (await practised(person.id)).items()
            ],
            given_minutes=given,
            received_minutes=received,
        )
    )


async def remove_thanks(request: Request) -> Response:
    """From one's own profile; PUT puts them back."""
    await (await own_thanks(request)).remove(by=signed_in(request))
    return answer(None, 204)


async def put_thanks_back(request: Request) -> Response:
    await (await own_thanks(request)).put_back(by=signed_in(request))
    return answer(None, 204)


routes = [
    api("GET", "/members/{id:id}/thanks", show_thanks, who=anyone,
        summary="Ce qu’on a dit à quelqu’un après un échange", answer=ThanksPage),
    api("DELETE", "/thanks/{id:id}", remove_thanks, who=member,
        summary="Retirer un merci de son profil", status=204),
    api("PUT", "/thanks/{id:id}", put_thanks_back, who=member, summary="Le remettre", status=204),
]  # fmt: skip
