"""What the grammars of a chain allow at a place of a reply that is there already."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.sampling.candidates import whole_vocabulary
from engine.tokenizer.vocabulary import Vocabulary


def masks_after(
    vocabulary: Vocabulary, grammars: Mapping[str, str], ids: Sequence[int]
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """The name of each grammar's stage, and which tokens of the vocabulary (V,) may come after these of the reply.

    A grammar is left out that cannot be read, that does not allow the ids, or after which nothing may come.
    """
    if not grammars:
        return
    from engine.inference.llama_grammar import open_grammar  # with the decoder llama.cpp is needed for nothing else

    for name, text in grammars.items():
        with contextlib.suppress(UserError):
            grammar = open_grammar(vocabulary, name, text)
            for id in ids:
                if not grammar.allowed(np.array([id], dtype=np.int32))[0]:  # accepting it would end the process
                    break
                grammar.accept(id)
            else:
                mask = grammar.allowed(whole_vocabulary(vocabulary.size))
                if mask.any():
                    yield name, mask
