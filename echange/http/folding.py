"""Words and pictures that never change are put into templates when they are compiled, once per language.

A list of twenty annonces asked for some 600 sentences and icons that are the same in every page: folded, its
rendering takes half the time.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from echange.i18n import gettext, speaking

Constant = Callable[..., Markup | str]


def said(message: str) -> Markup:
    """A sentence without variables, as the i18n extension would say it."""
    # Our own catalogues, not what people write: the same trust as in the i18n extension.
    return Markup(gettext(message)) % {}  # noqa: S704


def generator_for(locale: str, constants: dict[str, Constant]) -> type[CodeGenerator]:
    """A code generator that calls `constants` with literal arguments at compile time, in `locale`."""
    calls: dict[str, Constant] = {"_": said, "gettext": said, **constants}

    class Folding(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
            with speaking(locale):
                folded = _Fold(calls).visit(node)
            super().visit_Template(folded, frame)

    return Folding


class _Fold(NodeTransformer):
    def __init__(self, calls: dict[str, Constant]) -> None:
        self._calls = calls

    def visit_Call(self, node: nodes.Call, *_: Any, **__: Any) -> nodes.Node:  # noqa: ANN401, N802 — Jinja's
        self.generic_visit(node)
        constant = self._calls.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        literals = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        if constant is None or len(literals) < len(node.args) or node.kwargs:
            return node
        return nodes.Const(constant(*literals), lineno=node.lineno)
