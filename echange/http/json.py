"""JSON answers: a pydantic model in, bytes out."""

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response


class Out(BaseModel):
    """What the API says of something; its schema is worked out when it is first said."""

    model_config = ConfigDict(defer_build=True)


def answer(model: BaseModel | None = None, status: int = 200) -> Response:
    """`model` as JSON; None is an empty 204. Personal by default: never kept by a cache."""
    headers = {"cache-control": "no-store"}
    if model is None:
        return Response(status_code=204, headers=headers)
    return Response(model.model_dump_json(), status, headers, "application/json")
