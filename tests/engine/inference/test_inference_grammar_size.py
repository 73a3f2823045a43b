"""The ways that a grammar has to go on: worked out by hand, and the grammars that people use are far from the limit."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_cpp import llama_grammar

from engine.errors import UserError
from engine.inference.grammar_size import most_ways
from engine.inference.llama_grammar import LlamaGrammar, open_grammar
from engine.inference.load import open_model
from tests.helpers.small_models import small_llama_gguf


def doubled(levels, body, last):
    """Each rule is twice the next one, written as body says."""
    rules = [f"r{n} ::= " + body.format(f"r{n + 1}") for n in range(levels)]
    return "\n".join(["root ::= r0", *rules, f"r{levels} ::= {last}"])


@pytest.mark.parametrize(
    ("rules", "ways"),
    [
        ('root ::= "a"', 1),
        ('root ::= "a" | "b" | [c-d]', 3),
        ('root ::= "a"? "b"', 2),
        ('root ::= "a"* "b"? "c"', 3),
        ('root ::= "a"+ "b"', 1),
        ('root ::= ("a"? "b"?){3} "c"', 7),  # a b a b a b c
        ('root ::= "a"{2,5} "b"', 1),
        ('root ::= "a"{0,5} "b"', 2),
        ('root ::= ("a"?){0,2}', 2),  # a of the first; nothing of the first, and a of the second
        ('root ::= x x # a remark\nx ::= "a" | "b" |', 4),
        ('root ::= "" "a"', 1),
        ('root ::= . [^\\]"] "\\"|" | <think> x\nx ::= !<end>', 2),
        (doubled(3, "{0} | {0}", '"a"'), 8),
        (doubled(3, "{0} {0}", '"a"?'), 8),
        ('root ::= "x" ' + doubled(3, "{0} {0}", '"a"?')[len("root ::= ") :], 8),
    ],
)
def test_the_worked_examples(rules, ways):
    assert most_ways(rules) == ways


def test_grammars_that_people_use_are_far_from_the_limit():
    known = [
        text for name in dir(llama_grammar) if isinstance(text := getattr(llama_grammar, name), str) and "::=" in text
    ]
    assert len(known) >= 5 and all(0 < most_ways(text) < 100 for text in known)
    schema = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(40)}}
    assert 0 < most_ways(llama_grammar.json_schema_to_gbnf(json.dumps(schema))) < 100


@given(st.text(alphabet='ab"[]()|*+?{},0123456789 \n:=-#\\.<>', max_size=60).map("root ::= ".__add__))
def test_any_text_is_counted_or_left_to_the_engine(rules):
    assert most_ways(rules) >= 0


@pytest.mark.parametrize("rules", [doubled(40, "{0} | {0}", '"a"'), doubled(40, "{0} {0}", '"a"?')])
def test_what_would_never_end_is_refused_at_once(tmp_path, rules):
    vocabulary = open_model(small_llama_gguf(tmp_path / "small.gguf"), context_length=64).vocabulary
    began = time.perf_counter()
    with pytest.raises(UserError, match="too many ways") as caught:
        open_grammar(vocabulary, "grammar", rules)
    assert time.perf_counter() - began < 5 and caught.value.hint
    assert isinstance(open_grammar(vocabulary, "grammar", doubled(6, "{0} {0}", '"a"?')), LlamaGrammar)
