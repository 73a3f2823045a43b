"""Chat templates of untrusted files: Jinja in a sandbox, under limits of time and size."""

import datetime
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn, TypeVar

from jinja2.exceptions import SecurityError

from engine.errors import UserError
from engine.tokenizer.template_sandbox import Sandbox

_TIME_LIMIT_S = 2.0
_Result = TypeVar("_Result")


class TemplateRefused(Exception):  # noqa: N818 - a template's own word, not an error of ours
    """The template called raise_exception: it does not take these messages."""


class _TimeIsUp(BaseException):
    """Not an Exception, so that nothing in a template's evaluation can swallow it."""


class ChatTemplate:
    """One template, compiled. Raises UserError for text that is no Jinja, or is hostile already when it is compiled."""

    def __init__(self, source: str, bos_token: str = "", eos_token: str = "") -> None:
        self.source = source
        self._tokens = {"bos_token": bos_token, "eos_token": eos_token}
        self._sandbox = Sandbox()
        self._sandbox.globals.update(raise_exception=_raise_exception, strftime_now=_strftime_now)
        # Constant expressions are evaluated while compiling, so that has its limits too.
        self._template = _within_limits(lambda: self._sandbox.from_string(source))

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

        self._sandbox.restart(sum(len(text) for message in messages for text in message.values()))
        return _within_limits(lambda: self._sandbox.concat(self._template.generate(variables)))


def _within_limits(run: Callable[[], _Result]) -> _Result:
    """Run with a trace function that looks at the clock at every call and every line of a template; all failures as ours."""
    deadline = time.monotonic() + _TIME_LIMIT_S

    def watch(frame: FrameType, _event: str, _argument: Any) -> Any:
        if time.monotonic() > deadline:
            raise _TimeIsUp
        return watch if frame.f_code.co_filename == "<template>" else None

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        return run()
    except TemplateRefused:
        raise
    except (SecurityError, MemoryError) as error:
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
            "template-broken", "The model's chat template is broken.", "A plain format is used instead.", repr(error)
        ) from error
    finally:
        sys.settrace(before)


def _raise_exception(message: object) -> NoReturn:
    raise TemplateRefused(message)


def _strftime_now(format: str) -> str:
    return datetime.datetime.now().strftime(format[:200])
