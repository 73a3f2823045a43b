"""Grammars and JSON schemas on real (small, random) models, and what the records say of them."""

import json

import numpy as np
import pytest

from engine.errors import UserError
from engine.inference.decoder import DecoderModel
from engine.inference.generate import Step, generate
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.llama_grammar import open_grammar
from engine.inference.load import open_model
from engine.inference.prompt import Prompt
from engine.records import KEPT, GenerationSettings, ReplySummary, SamplingSettings, StageSettings
from engine.sampling.chain import Chain
from engine.sampling.preview import preview
from tests.helpers.small_models import small_decoder, small_llama_gguf, small_vocabulary

YES_NO = 'root ::= "yes" | "no"'


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")


@pytest.fixture(scope="module")
def model(path):
    opened = LlamaCppModel(path, 512, exact=True)
    yield opened
    opened.close()


def chain(name, text, *more):
    field = "schema" if name == "json_schema" else name
    return (*more, StageSettings(name, True, {}, {field: text}))


def run(model, stages, seed=1, max_tokens=40, **more):
    settings = GenerationSettings(SamplingSettings(tuple(stages), seed), max_tokens=max_tokens)
    prompt = Prompt(model.vocabulary.encode("Once upon a time"))
    events = list(generate(model, prompt, settings, **more))
    return [event.record for event in events if isinstance(event, Step)], next(
        event for event in events if isinstance(event, ReplySummary)
    )


def test_a_reply_follows_its_grammar_and_ends_with_it(model):
    texts = set()
    for seed in range(12):
        records, summary = run(model, chain("grammar", YES_NO), seed)
        texts.add(summary.text)
        assert summary.finish == "stop" and summary.notes == ()
        assert records[-1].token.id in model.vocabulary.end_ids
        for record in records:
            assert record.stages[0].name == "grammar"
    assert texts == {"yes", "no"}


def test_the_record_says_what_the_grammar_removed(model):
    # A random model hardly ever begins with y or n: the grammar has to be applied.
    top_k = StageSettings("top_k", True, {"k": 3})
    record = run(model, chain("grammar", YES_NO, top_k))[0][0]
    mask = open_grammar(model.vocabulary, "grammar", YES_NO).allowed(np.arange(model.vocabulary.size, dtype=np.int32))
    assert [stage.name for stage in record.stages] == ["grammar", "top_k"]
    assert record.stages[0].kept == mask.sum() and record.stages[1].kept == min(3, mask.sum())
    ids = record.candidates.id_array()
    assert ((record.candidates.removed_by_array() == 0) == ~mask[ids]).all()
    p = np.exp(record.candidates.logit_array() - record.log_sum_exp)
    assert p[mask[ids]].sum() <= record.stages[0].mass + 1e-6 <= p[mask[ids]].sum() + record.tail_mass + 2e-6
    assert record.candidates.final_array()[record.candidates.removed_by_array() != KEPT].max(initial=0) == 0


def test_where_the_drawn_token_is_allowed_nothing_is_removed(model):
    free, _ = run(model, (), 3, max_tokens=8)
    bound, _ = run(model, chain("grammar", r"root ::= [\x00-\U0010FFFF]*"), 3, max_tokens=8)
    same = 0
    for record, other in zip(free, bound, strict=False):
        if record.token.id != other.token.id:
            break  # half a character is nothing that the grammar knows, or the text may have ended
        same += 1
        assert other.stages[0].kept == record.vocabulary_size and other.stages[0].mass == 1.0
        assert other.dart == record.dart and (other.candidates.removed_by_array() == KEPT).all()
    assert same > 0


SCHEMA = json.dumps(
    {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"enum": ["x", "y"]}}, "required": ["a", "b"]}
)


def test_a_reply_in_a_json_schema(model):
    for seed in range(6):
        _, summary = run(model, chain("json_schema", SCHEMA), seed, max_tokens=300)
        if summary.finish == "stop":
            value = json.loads(summary.text)
            assert isinstance(value["a"], bool) and value["b"] in ("x", "y")


def test_both_at_once_allow_what_both_allow(model):
    stages = (*chain("json_schema", '{"enum": ["a", "b"]}'), *chain("grammar", r'root ::= "\"b\"" | "c"'))
    for seed in range(4):
        _, summary = run(model, stages, seed)
        assert summary.text.strip() == '"b"'


def test_the_decoder_over_a_gguf_file_follows_grammars_too(path):
    opened = open_model(path, 512, backend="decoder")
    assert run(opened, chain("grammar", YES_NO))[1].text in ("yes", "no")


def test_a_vocabulary_of_our_own_says_that_it_does_not(tmp_path):
    own = DecoderModel(tmp_path, small_decoder(), small_vocabulary(), None, 256, 1)
    with pytest.raises(UserError) as caught:
        run(own, chain("grammar", YES_NO))
    assert caught.value.code == "grammar-vocabulary"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("grammar", "root ::= (", "grammar"),
        ("grammar", "start ::= [a-z]", "grammar"),
        ("grammar", 'root ::= root "a"', "grammar"),
        ("grammar", "root ::= no-such-rule", "grammar"),
        ("grammar", 'root ::= "a\0b"', "grammar"),
        ("grammar", "x" * 2_000_000, "grammar"),
        ("grammar", "root ::= " + "(" * 20_000 + '"a"' + ")" * 20_000, "grammar"),
        ("json_schema", '{"anyOf": [{"type": "string", "maxLength": 1000000000}]}', "json-schema"),
        ("json_schema", '{"type": "array", "minItems": 1e9}', "json-schema"),
        ("json_schema", "{", "json-schema"),
        ("json_schema", '{"$ref": "https://example.org/schema.json"}', "json-schema"),
        ("json_schema", "[" * 100_000, "json-schema"),
        ("json_schema", '{"type": "no such type"}', "json-schema"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(model, name, text, code):
    with pytest.raises(UserError) as caught:
        run(model, chain(name, text))
    assert caught.value.code == code


def test_an_empty_grammar_does_nothing(model):
    assert Chain(SamplingSettings(chain("grammar", ""))).grammars == {}
    records, _ = run(model, chain("grammar", ""), 3)
    assert all(record.stages == () for record in records)


def test_a_token_that_a_person_put_there_may_end_the_rules(model):
    fox = model.vocabulary.encode(" fox")
    records, summary = run(model, chain("grammar", YES_NO), forced_ids=fox, max_tokens=len(fox) + 4)
    assert summary.notes == ("grammar-left",)
    assert records[len(fox)].stages[0].kept == model.vocabulary.size


def test_a_reply_is_continued_in_the_middle_of_its_grammar(model):
    long = chain("grammar", 'root ::= ("abc " | "xyz ")+')
    settings = GenerationSettings(SamplingSettings(long, 4), max_tokens=9)
    start = model.vocabulary.encode("Once upon a time")
    whole = [e.record.token.id for e in generate(model, Prompt(start), settings) if isinstance(e, Step)]
    begun = whole[:4]
    settings = GenerationSettings(SamplingSettings(long, 4), max_tokens=5)
    prompt = Prompt([*start, *begun])
    rest = [e.record.token.id for e in generate(model, prompt, settings, reply_ids=begun) if isinstance(e, Step)]
    assert begun + rest == whole


def test_what_was_recorded_under_a_grammar_replays_from_the_record_alone(model):
    stages = chain("grammar", YES_NO, StageSettings("temperature", True, {"temperature": 0.9}))
    records, _ = run(model, stages, 7)
    made = Chain(SamplingSettings(tuple(stages)))
    for record in records:
        assert preview(record, made, [], 7).id == record.token.id
