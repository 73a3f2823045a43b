"""A grammar that cannot be read says what is wrong, and where."""

import os

import pytest

from engine.errors import UserError
from engine.inference.grammar_mistake import check_beforehand, heard
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.llama_grammar import open_grammar
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    model = LlamaCppModel(small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf"), 64)
    yield model.vocabulary
    model.close()


@pytest.mark.parametrize(
    ("rules", "text", "hint"),
    [
        ('root "a"', "at line 1, character 6", "expecting ::="),
        ('root ::= "é" | "ü"\nb ::= $\n\n', "at line 2, character 7", "expecting newline or end"),
        ('root ::= "a"\n\n\nb ::= (("x")', "at line 4, character 13", "expecting ')'"),
        ('root ::= * "a"', "at line 1, character 12", "expecting preceding item"),
        (
            'root ::= ("foo"\n  | foo-bar)\nfoo ::= "x"',
            "no rule “foo-bar”, named at line 2, character 5",
            "Write that rule",
        ),
        ('# foo\nroot ::= "foo" [foo] foo', "no rule “foo”, named at line 2, character 22", "Write that rule"),
        ('root ::= "a', "ends too early", "Close"),
        ('rot ::= "a"', "no rule root", "Name the rule"),
        ('root ::= root "a"', "begins with itself", "before it"),
        ('root ::= "a"{9999}', "cannot be read", "number of repetitions"),
        ('root ::= ("a"\n  | "b"{3,2})', "at line 2, character 8", "at least 3 and at most 2"),
        ('root ::= "\0"', "at line 1, character 11", ""),
    ],
)
def test_what_is_wrong_and_where(vocabulary, capfd, rules, text, hint):
    with pytest.raises(UserError) as caught:
        open_grammar(vocabulary, "grammar", rules)
    assert text in caught.value.text and hint in caught.value.hint
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("schema", "text", "hint"),
    [
        ('{\n "type": }', "no JSON from line 2, character 10 on", "begin with {}"),
        ('{"type": "foo"}', "cannot be read", "Unrecognized schema"),
        ('{"type": "string", "pattern": "a"}', "cannot be read", "must start with"),
        ("[1]", "cannot be read", "begin with {}"),
    ],
)
def test_what_is_wrong_with_a_schema(vocabulary, schema, text, hint):
    with pytest.raises(UserError) as caught:
        open_grammar(vocabulary, "json_schema", schema)
    assert caught.value.code == "json-schema" and text in caught.value.text and hint in caught.value.hint


def test_what_only_looks_like_a_repetition_is_left_alone(vocabulary):
    rules = 'root ::= "{3,2}" [{3,2}] "a"{2,3} # {3,2}'
    check_beforehand(rules)
    open_grammar(vocabulary, "grammar", rules)


def test_the_error_stream_is_as_it_was_afterwards(capfd):
    assert heard(lambda: os.write(2, b"said")) == (4, "said")
    with pytest.raises(ZeroDivisionError):
        heard(lambda: 1 // 0)
    os.write(2, b"later")
    assert capfd.readouterr().err == "later"
