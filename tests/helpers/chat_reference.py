"""What a prompt should be, found another way: Jinja as model authors use it, and llama.cpp on the whole text."""

import datetime
import json

import jinja2
import jinja2.ext
import llama_cpp
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.records import Message


class RefusedError(Exception):
    """The template said no."""


class _Generation(jinja2.ext.Extension):
    tags = {"generation"}  # noqa: RUF012

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def rendered(family, messages: list[Message]) -> str:
    """The conversation in the family's template, with the environment in which templates are written."""

    def refuse(message):
        raise RefusedError(message)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, _Generation]
    )
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = lambda form: datetime.datetime.now().strftime(form)
    return environment.from_string(family.template).render(
        messages=[{"role": message.role, "content": message.content} for message in messages],
        add_generation_prompt=True,
        bos_token=family.bos or "",
        eos_token=family.ends[0],
    )


def whole_ids(vocabulary, text: str, special: bool = True) -> list[int]:
    """What llama.cpp makes of a whole text, its beginning-of-sequence token once."""
    data = text.encode()
    ids = (llama_cpp.llama_token * (len(data) + 16))()
    count = llama_cpp.llama_tokenize(vocabulary.pointer, data, len(data), ids, len(ids), True, special)
    assert count >= 0
    found = list(ids[:count])
    return found[1:] if len(found) > 1 and found[0] == found[1] == vocabulary.bos_id else found
