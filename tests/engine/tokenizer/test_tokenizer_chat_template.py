"""Chat templates of untrusted files: what well-behaved ones write, and that hostile ones end soon, with nothing gained."""

import resource
import subprocess
import sys
import time

import pytest

from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.chat_template import ChatTemplate, TemplateRefused
from tests.helpers.chat_reference import rendered
from tests.helpers.chat_templates import Family

MESSAGES = [
    Message("system", "You <count> & 'help'.\n"),
    Message("user", ' Olá, "fox"! 😀\n\nWhy? '),
    Message("assistant", "So."),
]


def render(source):
    messages = [{"role": message.role, "content": message.content} for message in MESSAGES]
    return ChatTemplate(source, bos_token="<s>", eos_token="</s>").render(messages, add_generation_prompt=True)


#: What templates of well-known families use, and what they might.
EXPRESSIONS = [
    "bos_token + messages[1]['content'] + eos_token",
    "messages[0].content | trim",
    "messages[1].content.strip() ~ 1 ~ none ~ [1, 'a']",
    "messages | tojson",
    "messages[1] | tojson(indent=2)",
    "{'b': [1, 2.5, true, none], 'a': 'é'} | tojson",
    "messages | map(attribute='role') | join(', ')",
    "messages | join('|', attribute='role')",
    "messages | selectattr('role', 'equalto', 'user') | list | length",
    "(messages | rejectattr('role', 'equalto', 'user') | list)[-1].content",
    "messages[1:] | length",
    "messages[::-1][0].role",
    "messages[0].content.split('<')[-1].split('>')",
    "messages[1].content.replace('fox', 'owl')",
    "messages[1].content | replace('\\n', ' ')",
    "messages[1].content | replace('o', '0', 1)",
    "messages[1].content | indent(4)",
    "messages[1].content | indent(2, first=true, blank=true)",
    "messages[1].content | upper | lower | title | capitalize",
    "messages[0].content | e",
    "'{} and {x}'.format(messages[0].role, x=messages[1].role)",
    "'-'.join(['a', 'b']) + 'c' * 3",
    "['a'] + ['b'] + ['c'] * 2",
    "2 ** 10 + 7 % 4 - 6 // 4 + 3 * 2.5",
    "messages[0].role is string and messages is iterable and messages is not mapping",
    "missing is defined, missing | default('none')",
    "messages[0].get('content', '') | length + messages[0].items() | list | length",
    "{'b': 1, 'a': 2} | dictsort",
    "[3, 1, 2] | sort | first, [3, 1] | last, [1, 1] | unique | list, [1, 2] | reverse | list, [3, 4] | max",
    "'4' | int + '2.5' | float, 3 | string, -3 | abs, '' or 'other'",
    "messages[0].content.startswith('You'), 'fox' in messages[1].content, messages[1].content.find('fox')",
    "messages[1].content | truncate(5), 'a b' | wordcount, messages | random is mapping",
    "range(3) | list, (1, 2), dict(a=1)",
    "messages[-1].role if messages[-1].role != 'user' else 'x'",
    "add_generation_prompt",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions_are_as_in_plain_jinja(expression):
    source = f"{{{{ {expression} }}}}"
    assert render(source) == rendered(Family(source, bos="<s>", ends=("</s>",)), MESSAGES)


@pytest.mark.parametrize(
    "source",
    [
        "{% for message in messages %}\n  {%- if loop.first %}{% continue %}{% endif %}\n{{ loop.index }}{{ message.role }}\n"
        "{% if loop.index == 2 %}{% break %}{% endif %}\n{% endfor %}\n",
        "{% set ns = namespace(found=false, text='') %}{% for m in messages %}{% set ns.text = ns.text ~ m.role %}"
        "{% set ns.found = true %}{% endfor %}{{ ns.text }}{{ ns.found }}",
        "{% macro show(m, sign='>') %}{{ sign ~ m.content | trim }}{% endmacro %}{% for m in messages %}{{ show(m) }}{% endfor %}",
        "{% macro around() %}[{{ caller() }}]{% endmacro %}{% call around() %}x{% endcall %}",
        "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}",
        "{% set text %}a{{ messages[0].role }}{% endset %}{{ text }}{% filter upper %}b{% endfilter %}",
        "{% for key, value in messages[0].items() %}{{ key }}={{ value }} {% endfor %}{% set a, b = 1, 2 %}{{ a + b }}",
        "{% for m in messages %}{{ m.content.replace('fox', 'owl') ~ ', '.join([m.role]) ~ '{}'.format(1) }}{% endfor %}",
        "{{ strftime_now('%Y-%m-%d') }}",
        "{% if messages[9] is defined %}{{ 'x' | center(9) }}{% endif %}{# a comment #}\n\n  {% raw %}{{ x }}{% endraw %}",
        "{% for m in messages recursive %}{{ m.role }}{% else %}none{% endfor %}",
    ],
)
def test_statements_are_as_in_plain_jinja(source):
    assert render(source) == rendered(Family(source, bos="<s>", ends=("</s>",)), MESSAGES)


def test_a_template_that_says_no_is_told_apart_from_a_broken_one():
    with pytest.raises(TemplateRefused):
        render("{{ raise_exception('no system') }}")
    for source in (
        "{{ 1 / 0 }}",
        "{% if %}",
        "{{ missing.content }}",
        "{{ missing() }}",
        "{{ messages + 1 }}",
        "{{ 'x' | gone }}",
    ):
        with pytest.raises(UserError) as caught:
            render(source)
        assert caught.value.code == "template-broken"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.__class__() }}",
        "{{ ('' | attr('__class__'))() }}",
        "{{ raise_exception.__globals__['sys'].exit() }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update(role='user') }}",
        "{{ namespace.__init__.__globals__['functools'].partial() }}",
        "{{ self._TemplateReference__context.environment.from_string('x')() }}",
    ],
)
def test_there_is_no_way_out(source):
    with pytest.raises(UserError) as caught:
        render(source)
    assert caught.value.code == "template-security"


_GROW = "{% set ns = namespace(x=START) %}{% for i in range(60) %}{% set ns.x = STEP %}{% endfor %}{{ ns.x | length }}"


def grow(step, start="'aaaaaaaa'"):
    return _GROW.replace("START", start).replace("STEP", step)


HOSTILE = {
    "product of a text": "{{ ('x' * 10 ** 9) | length }}",
    "product of a list": "{{ ([0] * 10 ** 9) | length }}",
    "product of a tuple": "{{ 10 ** 9 * ('a', 1) }}",
    "power": "{{ 10 ** 10 ** 9 }}",
    "power of powers": "{{ ((999 ** 999) ** 999) ** 999 }}",
    "product of numbers": grow("ns.x * ns.x", "99999999"),
    "tilde": grow("ns.x ~ ns.x"),
    "plus": grow("ns.x + ns.x"),
    "plus of lists": grow("ns.x + ns.x", "[1, 2]"),
    "join": grow("[ns.x, ns.x] | join"),
    "join method": grow("''.join([ns.x, ns.x])"),
    "join with much between": "{% set t = 'x' * 900000 %}{{ t.join('a' * 900000) | length }}",
    "replace": grow("ns.x | replace('a', 'aa')"),
    "replace method": grow("ns.x.replace('a', 'aa')"),
    "replace of nothing": "{% set t = 'x' * 900000 %}{{ t.replace('', t) | length }}",
    "map replace": "{% set t = 'x' * 900000 %}{{ [t] | map('replace', 'x', t) | list | length }}",
    "format method": grow("'{0}{0}'.format(ns.x)"),
    "format width": "{{ '{:>999999999}'.format(1) }}",
    "format nested width": "{{ '{:{w}}'.format(1, w=999999999) }}",
    "percent": "{{ '%999999999d' % 1 }}",
    "percent doubling": grow("'%s%s' % (ns.x, ns.x)"),
    "format filter": grow("'%s%s' | format(ns.x, ns.x)"),
    "center": "{{ 'x'.center(999999999) }}",
    "center filter": "{{ 'x' | center(999999999) }}",
    "ljust": "{{ 'x'.ljust(999999999) }}",
    "zfill": "{{ 'x'.zfill(999999999) }}",
    "expandtabs": "{{ '\t\t'.expandtabs(999999999) }}",
    "indent": "{{ ('a\n' * 1000) | indent(999999) }}",
    "indent with a text": "{{ ('a\n' * 100000) | indent('x' * 100000) }}",
    "json indent": "{{ [[1]] | tojson(indent=999999999) }}",
    "bytes": "{{ (1).to_bytes(999999999, 'big') }}",
    "encode": "{{ 'x'.encode('utf-32') }}",
    "dictionary": "{{ {}.fromkeys(range(99999), 1) }}",
    "batch": "{{ [1] | batch(999999999, 'x') | list }}",
    "slice": "{{ [1] | slice(999999999) | list }}",
    "round": "{{ 1 | round(999999999, 'ceil') }}",
    "nested lists": grow("[ns.x, ns.x]"),
    "nested tuples as a key": grow("(ns.x, ns.x)", "(1, 2)") + "{{ {ns.x: 1} }}",
    "nested dictionaries": grow("{'a': ns.x, 'b': ns.x}"),
    "nested calls": grow("dict(a=ns.x, b=ns.x)"),
    "nested lists compared": "{% set a = namespace(x=[1]) %}{% set b = namespace(x=[1]) %}{% for i in range(40) %}"
    "{% set a.x = [a.x, a.x] %}{% set b.x = [b.x, b.x] %}{% endfor %}{{ a.x == b.x }}",
    "nested namespaces": "{% set a = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set b = namespace() %}{% set b.x = a.x %}"
    "{% set b.y = [a.x, a.x] %}{% set a.x = b.y %}{% endfor %}{{ a.x }}",
    "nested slices": "{% set t = ('😀' * 900000) %}{% macro f(x, n) %}{% if n %}{{ f(x[1:], n - 1) }}{{ x | length }}{% endif %}"
    "{% endmacro %}{{ f(t, 200) }}",
    "output": "{% set t = 'x' * 900000 %}{% for i in range(99999) %}{{ t }}{% endfor %}",
    "output of lists": "{% set t = ['😀' * 900000] %}{% for i in range(99999) %}{{ t }}{% endfor %}",
    "output of a macro": "{% macro f() %}{% for i in range(99999) %}{{ ['x' * 900000] }}{% endfor %}{% endmacro %}{{ f() }}",
    "output of a block": "{% set t %}{% for i in range(99999) %}{{ 'x' * 900000 }}{% endfor %}{% endset %}{{ t | length }}",
    "endless loop": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "endless filters": "{% for i in range(99999) %}{{ range(99999) | map('string') | reject('true') | list }}{% endfor %}",
    "endless macro": "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "large range": "{{ range(10 ** 9) | list | length }}",
    "constants": "{{ 'x' ~ 'y' * 10 ** 9 }}{{ 'x' | center(999999999) }}",
    "lorem ipsum": "{{ lipsum(99999) }}",
}


def hostile_ends(name):
    started = time.process_time()
    with pytest.raises(UserError) as caught:
        render(HOSTILE[name])
    assert caught.value.code in ("template-security", "template-endless", "template-broken")
    assert time.process_time() - started < 5


@pytest.mark.timeout(600)
def test_a_template_cannot_use_up_time_or_memory():
    """In a process of its own, whose memory may grow by 1 GB."""
    run = [sys.executable, "-c", f"from {__name__.replace('/', '.')} import try_all; try_all()"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def try_all():
    for name in HOSTILE:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(name, flush=True)
        hostile_ends(name)
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used
        assert more < 1_000_000, f"{name} took {more} KiB"


def test_a_long_conversation_is_no_attack():
    """Limits grow with what the person wrote."""
    messages = [{"role": "user", "content": "fox " * 1_000_000}] * 3
    template = ChatTemplate("{% for m in messages %}{{ '<' + m.content | trim + '>' }}{% endfor %}")
    assert len(template.render(messages, add_generation_prompt=True)) == 3 * 4_000_001


def test_each_rendering_begins_anew():
    template = ChatTemplate("{% for i in range(50) %}{% set t = 'x' * 900000 %}{% endfor %}{{ messages | length }}")
    for _ in range(5):
        assert template.render([], add_generation_prompt=True) == "0"
