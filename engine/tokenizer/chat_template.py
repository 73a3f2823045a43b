"""Chat templates of untrusted files: Jinja in a sandbox, under limits of time and size."""

import datetime
import json
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import jinja2
import jinja2.ext
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.errors import UserError

_TIME_LIMIT_S = 2.0
_OUTPUT_LIMIT = 8_000_000  # characters
_NUMBER_LIMIT = 1_000_000
#: Methods and filters that make a long string out of a short one and a number.
_INFLATING_METHODS = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map"})
_INFLATING_FILTERS = ("center", "format", "indent", "pprint", "urlize", "wordwrap", "xmlattr")


class TemplateRefused(Exception):  # noqa: N818 - a template's own word, not an error of ours
    """The template called raise_exception: it does not take these messages."""


class _TimeIsUp(BaseException):
    """Not an Exception, so that nothing in a template's evaluation can swallow it."""


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"**", "*", "%", "<<"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _INFLATING_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        if operator in ("**", "<<"):
            if not all(isinstance(side, int | float) and abs(side) <= 1000 for side in (left, right)):
                raise SecurityError("a number that is too large")
        elif operator == "*":
            sizes = [len(side) if isinstance(side, str | list | tuple) else abs(side) for side in (left, right)]
            if sizes[0] * sizes[1] > _NUMBER_LIMIT:
                raise SecurityError("a product that is too large")
        elif isinstance(left, str):
            raise SecurityError("text formatting")
        return super().call_binop(context, operator, left, right)


class ChatTemplate:
    """One template, compiled. Raises UserError("template-broken") for text that is no Jinja."""

    def __init__(self, source: str, bos_token: str = "", eos_token: str = "") -> None:
        self.source = source
        self._tokens = {"bos_token": bos_token, "eos_token": eos_token}
        environment = _Environment(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
        for name in _INFLATING_FILTERS:
            environment.filters.pop(name, None)
        environment.filters["tojson"] = _tojson
        environment.globals.update(raise_exception=_raise_exception, strftime_now=_strftime_now)
        try:
            self._template = environment.from_string(source)
        except (jinja2.TemplateError, RecursionError, ValueError, OverflowError) as error:
            raise UserError(
                "template-broken", "The model's chat template is broken.", "A plain format is used instead.", str(error)
            ) from error

    def render(self, messages: Sequence[dict[str, str]], add_generation_prompt: bool) -> str:
        """The conversation as the model wants to read it.

        Raises TemplateRefused where the template itself says no, UserError for one that breaks, is not allowed or does not end.
        """
        variables = {
            **self._tokens,
            "messages": list(messages),
            "add_generation_prompt": add_generation_prompt,
            "tools": None,
        }
        try:
            return _within_limits(self._template, variables)
        except TemplateRefused:
            raise
        except SecurityError as error:
            raise UserError(
                "template-security",
                "The model's chat template tried something that templates may not do.",
                "Do not trust this file.",
                str(error),
            ) from error
        except _TimeIsUp as error:
            raise UserError(
                "template-endless", "The model's chat template does not come to an end.", "Do not trust this file."
            ) from error
        except Exception as error:  # a template may fail in any way that Python can
            raise UserError(
                "template-broken",
                "The model's chat template is broken.",
                "A plain format is used instead.",
                repr(error),
            ) from error


def _within_limits(template: jinja2.Template, variables: dict[str, Any]) -> str:
    """Render piece by piece, with a trace function that looks at the clock at every line of the compiled template."""
    deadline = time.monotonic() + _TIME_LIMIT_S

    def watch(_frame: FrameType, _event: str, _argument: Any) -> Any:
        if time.monotonic() > deadline:
            raise _TimeIsUp
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        pieces, size = [], 0
        for piece in template.generate(variables):
            size += len(piece)
            if size > _OUTPUT_LIMIT:
                raise SecurityError("an output that is too long")
            pieces.append(piece)
        return "".join(pieces)
    finally:
        sys.settrace(before)


def _raise_exception(message: str) -> NoReturn:
    raise TemplateRefused(message)


def _strftime_now(format: str) -> str:
    return datetime.datetime.now().strftime(format[:200])


def _tojson(value: Any, indent: int | None = None) -> str:
    """As model templates expect it: no HTML escaping, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=None if indent is None else min(indent, 8))
