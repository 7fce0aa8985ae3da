"""Typed input: one pydantic class serves the HTML form and the JSON body."""

import re
import types
import unicodedata
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from echange.http.refusals import Invalid, Refusal
from echange.i18n import gettext as _
from echange.i18n import mark, ngettext

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
LONGEST_WAY: Final = 2000
_LINE = re.compile(r"\s+")


class Form(BaseModel):
    """Only named fields are read; text is trimmed."""

    # How to read it is worked out when it is first read: hundreds of forms would hold the start up.
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True, defer_build=True)


F = TypeVar("F", bound=Form)


def _writable(value: object) -> object:
    # NUL cannot be stored, lone surrogates cannot be encoded, and direction marks disguise text.
    if isinstance(value, str) and _CONTROL.search(value):
        raise PydanticCustomError(
            "control", mark("Le texte contient un caractère invisible : recopiez-le à la main.")
        )
    return value


def _one_line(value: object) -> object:
    return _LINE.sub(" ", value) if isinstance(value, str) else value


def _unix_lines(value: object) -> object:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _no_truth(value: object) -> object:
    # `true` is 1 to Python, and would name the very first one.
    if isinstance(value, bool):
        raise PydanticCustomError("id", mark("Écrivez un nombre."))
    return value


def visible(name: str) -> str:
    """A name that can be read and clicked: more than spaces of zero width and lone accents."""
    if not any(unicodedata.category(char)[0] in "LNPS" for char in name):
        raise PydanticCustomError("unseen", mark("Remplissez ce champ."))
    return name


Line = Annotated[str, BeforeValidator(_one_line), BeforeValidator(_writable)]
"""Text on one line."""
Text = Annotated[str, BeforeValidator(_unix_lines), BeforeValidator(_writable)]
"""Text in paragraphs."""
Way = Annotated[str, BeforeValidator(lambda value: value if len(str(value)) <= LONGEST_WAY else "")]
"""Where to go afterwards; one too long to be true leads nowhere, rather than hold a form up."""
Id = Annotated[int, BeforeValidator(_no_truth), Field(ge=1, le=2_147_483_647)]
"""A database id."""


@dataclass
class Bound(Generic[F]):
    """A form as it was filled in: `data` when all is right, else `errors`, and the words either way."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    data: F | None = None

    def refuse(self, refusal: Refusal, at: str = "") -> "Bound[F]":
        """The same words, with a rule's no beside field `at` (or on top of the form)."""
        errors = refusal.errors if isinstance(refusal, Invalid) and refusal.errors else {at: [refusal.title]}
        return Bound(values=self.values, errors=errors)


def blank(form: type[F], **values: object) -> Bound[F]:
    """An empty form, or one filled in beforehand."""
    return Bound(values=values)


async def read_form(request: Request, form: type[F]) -> Bound[F]:
    """The posted form. Empty fields count as not given, so that what may be left out may be left empty."""
    fields = await request.form(max_files=10, max_fields=200, max_part_size=256 * 1024)
    values = {
        name: _posted(fields, name, _is_list(info.annotation)) for name, info in form.model_fields.items()
    }
    given = {name: value for name, value in values.items() if value not in ("", [], None)}
    try:
        return Bound(values=values, data=form.model_validate(given))
    except ValidationError as error:
        return Bound(values=values, errors=sentences(error, form))


def _posted(fields: FormData, name: str, many: bool) -> str | list[str] | None:
    values = [value for value in fields.getlist(name) if not isinstance(value, UploadFile)]
    # Half characters, from exotic encodings, could not even be shown again.
    texts = [str(value).encode(errors="replace").decode() for value in values]
    if many:
        return [text for text in texts if text.strip()]
    return texts[-1].strip() if texts else None


def _is_list(annotation: Any) -> bool:  # noqa: ANN401 — an annotation may be any object
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType, Annotated):
        return any(_is_list(part) for part in get_args(annotation))
    return origin in (list, tuple, set, frozenset)


async def read_json(request: Request, form: type[F]) -> F:
    """The JSON body as `form`; raises Invalid with its errors by field."""
    return parse_json(await request.body(), form)


def parse_json(body: bytes, form: type[F]) -> F:
    """`body` as `form`; raises Invalid."""
    try:
        document = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise Invalid({"": [_("Le corps de la demande n’est pas du JSON.")]}) from error
    if not isinstance(document, dict):
        raise Invalid({"": [_("Le corps de la demande doit être un objet JSON.")]})
    return validate(form, document)


def read_query(request: Request, form: type[F]) -> Bound[F]:
    """The address's parameters as `form`."""
    query = request.query_params
    values: dict[str, Any] = {
        name: query.getlist(name) if _is_list(info.annotation) else query.get(name, "").strip()
        for name, info in form.model_fields.items()
    }
    given = {name: value for name, value in values.items() if value not in ("", [])}
    try:
        return Bound(values=values, data=form.model_validate(given))
    except ValidationError as error:
        return Bound(values=values, errors=sentences(error, form))


def validate(form: type[F], values: dict[str, Any]) -> F:
    """`values` as `form`; raises Invalid."""
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise Invalid(sentences(error, form)) from error


def sentences(error: ValidationError, form: type[Form]) -> dict[str, list[str]]:
    """pydantic's errors as sentences in the reader's language, by field."""
    told: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        if detail["type"] == "missing" and _is_choice(form, name):
            sentence = _("Choisissez une des réponses proposées.")
        else:
            sentence = _sentence(detail)
        if sentence not in told.setdefault(name, []):
            told[name].append(sentence)
    return told


def _is_choice(form: type[Form], name: str) -> bool:
    return name in form.model_fields and get_origin(form.model_fields[name].annotation) is Literal


def _sentence(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match _kind(detail["type"], context):
        case "missing" | "string_type" | "none_required":
            return _("Remplissez ce champ.")
        case "string_too_short" | "too_short" if context.get("min_length") == 1:
            return _("Remplissez ce champ.")
        case "string_too_short":
            n = int(context["min_length"])
            return ngettext("Écrivez au moins {n} caractère.", "Écrivez au moins {n} caractères.", n).format(
                n=n
            )
        case "string_too_long":
            n = int(context["max_length"])
            return ngettext("Pas plus de {n} caractère.", "Pas plus de {n} caractères.", n).format(n=n)
        case "too_long":
            n = int(context["max_length"])
            return ngettext("Pas plus de {n} réponse.", "Pas plus de {n} réponses.", n).format(n=n)
        case "literal_error" | "enum" | "bool_parsing" | "bool_type":
            return _("Choisissez une des réponses proposées.")
        case "int_parsing" | "int_type" | "int_from_float" | "float_parsing":
            return _("Écrivez un nombre.")
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return _("Ce nombre est hors des limites.")
        case kind if kind in _PYDANTIC_OWN:
            return _("Cette réponse n’est pas comprise.")
        case _:
            # Our own validators raise PydanticCustomError with a French sentence.
            sentence = detail["msg"]
            return _(sentence).format_map(context)


def _kind(kind: str, context: dict[str, Any]) -> str:
    # A text that passed a validator of ours is a mere "Value" to pydantic, not a string.
    is_text = context.get("field_type") == "Value" and kind in {"too_short", "too_long"}
    return f"string_{kind}" if is_text else kind


_PYDANTIC_OWN = frozenset(
    {
        "model_type",
        "model_attributes_type",
        "list_type",
        "dict_type",
        "string_pattern_mismatch",
        "datetime_parsing",
        "datetime_from_date_parsing",
        "date_from_datetime_parsing",
        "date_parsing",
        "uuid_parsing",
        "extra_forbidden",
        "value_error",
        "string_unicode",
        "int_parsing_size",
        "finite_number",
    }
)
