"""Where chat templates of untrusted files run: Jinja without a way out, in which nothing grows without bound.

Jinja's sandbox keeps a template from Python's insides. It does not keep it from building a text that fills the memory within one
operation, where no clock is looked at; so whatever makes long texts out of short ones is measured here before it is done.
"""

import functools
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import jinja2
import jinja2.ext
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

#: Characters that one rendering may write, those of intermediate texts included.
_WORK_LIMIT = 400_000_000
#: Characters of any one text.
TEXT_LIMIT = 8_000_000
_NUMBER_LIMIT = 1_000_000
_ENTRY = 16  # characters that an entry of a list counts as
#: Methods whose result has no bound that could be known before.
_INFLATING_METHODS = frozenset({"encode", "expandtabs", "format_map", "maketrans", "to_bytes", "translate", "fromkeys"})
#: Filters of the same kind, which no chat template needs; they still compile, since a template may name one and not come there.
_REFUSED_FILTERS = ("format", "urlize", "wordwrap")
#: Filters that write out their arguments, however deep.
_WRITING_FILTERS = frozenset(
    [
        "capitalize",
        "center",
        "e",
        "escape",
        "forceescape",
        "lower",
        "pprint",
        "string",
        "striptags",
        "title",
        "tojson",
        "trim",
        "truncate",
        "upper",
        "urlencode",
        "wordcount",
        "xmlattr",
    ]
)


class _Generation(jinja2.ext.Extension):
    """``{% generation %}`` marks the assistant's part for training; here it changes nothing."""

    tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Any) -> list[nodes.Node]:
        next(parser.stream)
        body: list[nodes.Node] = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return body


class _Code(CodeGenerator):
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
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
        self._left = _WORK_LIMIT
        self.finalize = self._measured
        self.filters.update(tojson=_tojson, replace=self._replace, join=self._join, indent=self._indent, sum=_sum)
        for name in _REFUSED_FILTERS:
            self.filters[name] = _refuse
        self.filters = {name: self._guarded(name, run) for name, run in self.filters.items()}
        self.globals.pop("lipsum", None)

    def restart(self) -> None:
        self._left = _WORK_LIMIT

    def concat(self, pieces: Iterable[str]) -> str:
        """Jinja's way to make the text of a macro or a block."""
        pieces = list(pieces)
        self._take(sum(map(len, pieces)))
        return "".join(pieces)

    def joined(self, parts: tuple[Any, ...]) -> str:
        """The operator ``~``."""
        self._take(sum(map(_length, parts)))
        return "".join(map(str, parts))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _INFLATING_METHODS and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Jinja's guard of ``"{}".format``; here without widths."""
        run = super().wrap_str_format(value)
        if run is None:
            return None

        def formatted(*args: Any, **kwargs: Any) -> str:
            text = value.__self__
            if value.__name__ != "format" or ":" in text:
                raise SecurityError("text formatting")
            self._take(len(text) + text.count("{") * _length([*args, *kwargs.values()]))
            return run(*args, **kwargs)

        return formatted

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" and not (numbers and abs(left) <= 1000 and abs(right) <= 1000):
            raise SecurityError("a number that is too large")
        if operator == "*" and not (numbers and abs(left) < 2**64 and abs(right) < 2**64):
            sizes = [len(side) if isinstance(side, str | list | tuple) else abs(side) for side in (left, right)]
            if sizes[0] * sizes[1] > _NUMBER_LIMIT:
                raise SecurityError("a product that is too large")
            self._take(_ENTRY * int(sizes[0] * sizes[1]))
        if operator == "%" and isinstance(left, str):
            raise SecurityError("text formatting")
        if operator == "+" and not numbers:
            self._take(sum(_shallow(side) for side in (left, right)))
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - names that no call uses
        owner, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        if isinstance(owner, str):
            _check_numbers(args)
            if name == "replace":
                return __self._replace(owner, *args, **kwargs)
            if name == "join":
                return __self._join(args[0], owner)
        result = super().call(__context, __obj, *args, **kwargs)
        __self._take(_shallow(result))
        return result

    def _take(self, size: int) -> None:
        self._left -= size
        if size > TEXT_LIMIT or self._left < 0:
            raise SecurityError("a text that is too long")

    def _measured(self, value: Any) -> Any:
        """Anything that is about to be put into the output."""
        if not isinstance(value, str):
            self._take(_length(value))
        return value

    def _guarded(self, name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if name not in ("default", "d"):
                _check_numbers([*args, *kwargs.values()])
            if name in _WRITING_FILTERS:
                self._take(sum(map(_length, [*args, *kwargs.values()])))
            result = run(*args, **kwargs)
            self._take(_shallow(result))
            return result

        return guarded

    def _replace(self, text: Any, old: Any, new: Any, count: int | None = None) -> str:
        self._take(sum(map(_length, (text, old, new))))
        text, old, new = str(text), str(old), str(new)
        places = text.count(old)
        self._take(len(text) + places * len(new))
        return str(text.replace(old, new, -1 if count is None else count))

    def _join(self, values: Iterable[Any], between: Any = "", attribute: str | int | None = None) -> str:
        items = list(values)
        if attribute is not None:
            items = [self.getitem(item, attribute) for item in items]
        self._take(_length(items) + len(items) * _length(between))
        return str(between).join(map(str, items))

    def _indent(self, text: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
        space = width if isinstance(width, str) else " " * width
        self._take(_length(text))
        lines = str(text).splitlines(keepends=True)
        self._take(len(str(text)) + len(lines) * len(space))
        return "".join(
            space + line if (first or place) and (blank or line.strip()) else line for place, line in enumerate(lines)
        )


def _length(value: Any) -> int:
    """About how long the value is when it is written out; stops counting beyond the limit."""
    if isinstance(value, str):
        return len(value)
    total, waiting = 0, [value]
    while waiting and total <= TEXT_LIMIT:
        item = waiting.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, Namespace):
            raise SecurityError("a namespace as text")
        elif isinstance(item, Mapping) and not isinstance(item, jinja2.runtime.Context):
            total += _ENTRY * len(item)
            waiting += [*item.keys(), *item.values()] if total <= TEXT_LIMIT else []
        elif isinstance(item, Collection) and not isinstance(item, bytes | jinja2.Undefined | range):
            total += _ENTRY * len(item)
            waiting += item if total <= TEXT_LIMIT else []
        else:
            total += _ENTRY
    return total


def _shallow(value: Any) -> int:
    """Memory that a value takes by itself, in characters."""
    if isinstance(value, str):
        return len(value)
    return _ENTRY * len(value) if isinstance(value, list | tuple | dict) else 0


def _check_numbers(values: Iterable[Any]) -> None:
    if any(isinstance(value, int) and abs(value) > _NUMBER_LIMIT for value in values):
        raise SecurityError("a number that is too large")


def _refuse(*_args: Any, **_kwargs: Any) -> Any:
    raise SecurityError("text formatting")


def _sum(values: Iterable[Any], attribute: str | int | None = None, start: float = 0) -> Any:
    if not isinstance(start, int | float):
        raise SecurityError("a sum of other things than numbers")
    items = values if attribute is None else (item[attribute] for item in values)
    return sum(items, start)


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """As model templates expect it: no HTML escaping, letters as they are."""
    indent = None if indent is None else min(indent, 8)
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
