"""llama.cpp's grammar engine behind the interface of the chain."""

import ctypes
import json
import re
import weakref
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp.llama_grammar import json_schema_to_gbnf
from numpy.typing import NDArray

from engine.errors import UserError
from engine.inference.grammar_mistake import check_beforehand, heard, mistake
from engine.inference.grammar_size import most_ways
from engine.inference.llama_vocabulary import LlamaVocabulary
from engine.sampling.grammar import Grammar
from engine.tokenizer.vocabulary import Vocabulary

_ROW = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])  # llama_token_data
_LONGEST = 1_000_000  # characters
_DEEPEST = 200  # brackets
_LONGEST_SAID = 160  # characters
_MOST_WAYS = 20_000  # a token takes a second then
_COUNTS, _MOST = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"), 1_000


def open_grammar(vocabulary: Vocabulary, stage: str, text: str) -> Grammar:
    """The grammar of a stage ("grammar": GBNF, "json_schema") at the beginning of a reply.

    Raises UserError for a text that cannot be read, and for a vocabulary that is not llama.cpp's own.
    """
    if not isinstance(vocabulary, LlamaVocabulary):
        raise UserError(
            "grammar-vocabulary",
            "Grammars work with models in GGUF files only.",
            "Export this model as GGUF, or turn the grammar off.",
        )
    if len(text) > _LONGEST:
        raise UserError("grammar", "The grammar is too long.", "Make it shorter.")
    return LlamaGrammar(vocabulary, _from_schema(text) if stage == "json_schema" else text)


def _check_nesting(rules: str) -> None:
    """llama.cpp reads brackets recursively, and a deep nest of them would end the process."""
    depth = 0
    for mark in re.finditer(r"[()]", rules):
        depth += 1 if mark.group() == "(" else -1
        if depth > _DEEPEST:
            raise UserError("grammar", "The grammar is nested too deeply.", "Make rules of its parts.")


def _check_ways(rules: str) -> None:
    """The engine cannot be stopped while it follows every way on."""
    ways = most_ways(rules)
    if ways > _MOST_WAYS:
        raise UserError(
            "grammar",
            f"The grammar can go on in too many ways at one place: {ways:,}.",
            "Say what can be left out or repeated once, in one rule.",
        )


def _check_counts(schema: Any) -> None:
    """Each repetition is written out: a large number of them would take all time and memory."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in _COUNTS and isinstance(value, int | float) and value > _MOST:
                raise UserError(
                    "json-schema", f"{key} is too large for a grammar.", f"Give at most {_MOST:,}, or leave it out."
                )
    if isinstance(schema, dict | list):
        for inner in schema.values() if isinstance(schema, dict) else schema:
            _check_counts(inner)


def _from_schema(text: str) -> str:
    try:
        _check_counts(json.loads(text))
        rules: str = json_schema_to_gbnf(text)
        return rules
    except UserError:
        raise
    except json.JSONDecodeError as error:
        raise UserError(
            "json-schema",
            f"The JSON schema is no JSON from line {error.lineno}, character {error.colno} on.",
            "Check it, or begin with {}.",
        ) from error
    except (AssertionError, ValueError) as error:  # of the converter itself, with a sentence
        said = str(error)
        said = said if len(said) <= _LONGEST_SAID else f"{said[:_LONGEST_SAID]}…"
        raise UserError("json-schema", "The JSON schema cannot be read.", f"llama.cpp says: {said}.") from error
    except Exception as error:  # it raises whatever it stumbles over
        raise UserError(
            "json-schema", "The JSON schema cannot be read.", "Check it, or begin with {}.", f"{error}"
        ) from error


class LlamaGrammar:
    """Rules in GBNF; the first is ``root``. A token that is not allowed must never be accepted: llama.cpp ends the process."""

    def __init__(self, vocabulary: LlamaVocabulary, rules: str) -> None:
        self._vocabulary = vocabulary  # whose model must stay loaded
        _check_nesting(rules)
        check_beforehand(rules)
        _check_ways(rules)
        text = rules.encode("utf-8", "replace")
        sampler, said = heard(lambda: llama_cpp.llama_sampler_init_grammar(vocabulary.pointer, text, b"root"))
        if not sampler:
            raise mistake(text.decode(), said)
        self._sampler = sampler
        weakref.finalize(self, llama_cpp.llama_sampler_free, sampler)

    def allowed(self, ids: NDArray[np.int32]) -> NDArray[np.bool_]:
        rows = np.zeros(len(ids), dtype=_ROW)
        rows["id"] = ids
        data = ctypes.cast(rows.ctypes.data, ctypes.POINTER(llama_cpp.llama_token_data))
        array = llama_cpp.llama_token_data_array(data, len(ids), -1, False)
        llama_cpp.llama_sampler_apply(self._sampler, ctypes.byref(array))
        mask: NDArray[np.bool_] = rows["logit"] > -np.inf
        return mask

    def accept(self, id: int) -> None:
        llama_cpp.llama_sampler_accept(self._sampler, id)
