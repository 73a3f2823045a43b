"""Where chat templates of untrusted files run: Jinja without a way out, in which nothing grows without bound.

Jinja's sandbox keeps a template from Python's insides. It does not keep it from building a text that fills the memory within one
operation, where no clock is looked at. So every text, list and dictionary is measured when it is made, with all that is in it;
what could make a long one out of short ones at one blow is measured before (``*``, replace, join, ...) or refused.
"""

import functools
import json
from collections.abc import Callable, ItemsView, Iterable, KeysView, ValuesView
from typing import Any

import jinja2
import jinja2.ext
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import do_indent
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

#: Characters that one value may have beside a few times those of the conversation, and how many such values one rendering may make.
_TEXT_LIMIT, _VALUES = 1_000_000, 100
_ENTRY = 16  # characters that a number or an entry of a list counts as
_NUMBER_LIMIT = 1000  # of both sides of **
_INDENT_LIMIT = 8  # of JSON, which may be nested deep
#: Methods and filters whose results may be far longer than what they are given. The filters still compile, since a template may
#: name one and not come there.
_REFUSED_METHODS = frozenset(
    "center encode expandtabs format_map fromkeys ljust maketrans rjust to_bytes translate zfill".split(" ")  # noqa: SIM905
)
_REFUSED_FILTERS = "batch center format pprint round slice sum urlencode urlize wordwrap xmlattr".split(" ")  # noqa: SIM905


class _Generation(jinja2.ext.Extension):
    """``{% generation %}`` marks the assistant's part for training; here it changes nothing."""

    tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Any) -> list[nodes.Node]:
        next(parser.stream)
        body: list[nodes.Node] = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return body


class _Namespace(Namespace):
    """Shows nothing of its content, which may hold itself, or grow without being measured."""

    def __repr__(self) -> str:
        return "<namespace>"


class _Code(CodeGenerator):
    """Python for a template in which whatever makes values without a call goes through the environment. Names are Jinja's."""

    def _measured(self, visit: Callable[..., None], node: nodes.Expr, frame: Frame) -> None:
        self.write("environment.made(")
        visit(node, frame)
        self.write(")")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._measured(super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._measured(super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._measured(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        if isinstance(node.arg, nodes.Slice):
            self._measured(super().visit_Getitem, node, frame)
        else:
            super().visit_Getitem(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """One for each template; ``restart`` before each rendering. Raises SecurityError for what goes too far."""

    code_generator_class = _Code
    intercepted_binops = frozenset({"**", "*", "%", "+"})

    def __init__(self) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, _Generation])
        self.filters.update(tojson=self._tojson, replace=self._replace, join=self._join, indent=self._indent)
        self.filters.update(dict.fromkeys(_REFUSED_FILTERS, _refuse))
        self.filters = {name: self._guarded(run) for name, run in self.filters.items()}
        self.finalize = lambda value: value if isinstance(value, str) else self.made(str(value))
        self.globals.pop("lipsum", None)
        self.globals["namespace"] = _Namespace
        self.restart(0)

    def restart(self, size: int) -> None:
        """Begin to count anew, for a conversation of ``size`` characters."""
        self._limit = _TEXT_LIMIT + 4 * size
        self._left = _VALUES * self._limit

    def made(self, value: Any) -> Any:
        """A value that has come into being."""
        self._take(_length(value, self._limit))
        return value

    def concat(self, pieces: Iterable[str]) -> str:
        """Jinja's way to make the text of a macro or a block."""
        pieces = list(pieces)
        self._take(sum(map(len, pieces)))
        return "".join(pieces)

    def joined(self, parts: Iterable[Any]) -> str:
        """The operator ``~``."""
        return self.concat(map(str, parts))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _REFUSED_METHODS and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Jinja's guard of ``"{}".format``; here without widths."""
        run = super().wrap_str_format(value)
        if run is None:
            return None

        def formatted(*args: Any, **kwargs: Any) -> str:
            text = value.__self__
            if ":" in text:
                raise SecurityError("text formatting")
            self._take(len(text) + text.count("{") * _length([*args, *kwargs.values()], self._limit))
            return run(*args, **kwargs)

        return formatted

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        texts = [side for side in (left, right) if isinstance(side, str | list | tuple)]
        if operator == "**" and any(abs(side) > _NUMBER_LIMIT for side in (left, right)):
            raise SecurityError("a number that is too large")
        if operator == "%" and texts:
            raise SecurityError("text formatting")
        if operator == "*":
            times = [side for side in (left, right) if isinstance(side, int)]
            if any(abs(side) >= 2**64 for side in times):
                raise SecurityError("a number that is too large")
            if texts and times:
                self._take(_length(texts[0], self._limit) * max(times[0], 0))
        if operator == "+" and texts:
            self._take(sum(_length(side, self._limit) for side in texts))
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - names that no call uses
        owner, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        if isinstance(owner, str) and name == "replace":
            return __self._replace(owner, *args)
        if isinstance(owner, str) and name == "join":
            return __self._join(args[0], owner)
        return __self.made(super().call(__context, __obj, *args, **kwargs))

    def _take(self, size: int) -> None:
        self._left -= size
        if size > self._limit or self._left < 0:
            raise SecurityError("a text that is too long")

    def _guarded(self, run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            return self.made(run(*args, **kwargs))

        return guarded

    def _replace(self, text: Any, old: Any, new: Any, count: int = -1) -> str:
        text, old, new = str(text), str(old), str(new)
        self._take(len(text) + text.count(old) * len(new))
        return str(text.replace(old, new, -1 if count is None else count))

    def _join(self, values: Iterable[Any], d: Any = "", attribute: str | int | None = None) -> str:
        items = values if attribute is None else (self.getitem(item, attribute) for item in values)
        pieces, between = [self.made(str(item)) for item in items], str(d)
        self._take(sum(map(len, pieces)) + len(pieces) * len(between))
        return between.join(pieces)

    def _indent(self, s: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
        step = len(width) if isinstance(width, str) else width
        self._take(len(s) + step * (1 + len(s.splitlines())))
        return do_indent(s, width, first, blank)

    def _tojson(
        self,
        value: Any,
        ensure_ascii: bool = False,
        indent: int | None = None,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        """As model templates expect it: no HTML escaping, letters as they are."""
        if indent is not None and indent > _INDENT_LIMIT:
            raise SecurityError("an indent that is too large")
        encoder = json.JSONEncoder(ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
        return self.concat(encoder.iterencode(value))


def _length(value: Any, limit: int) -> int:
    """About how long the value is when it is written out; stops counting beyond the limit."""
    total, waiting = 0, [value]
    while waiting and total <= limit:
        item = waiting.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, dict):
            total += _ENTRY * len(item)
            waiting += [*item.keys(), *item.values()] if total <= limit else []
        elif isinstance(item, list | tuple | KeysView | ValuesView | ItemsView):
            total += _ENTRY * len(item)
            waiting += item if total <= limit else []
        else:
            total += _ENTRY
    return total


def _refuse(*_args: Any, **_kwargs: Any) -> Any:
    raise SecurityError("text formatting")
