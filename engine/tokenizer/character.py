"""A vocabulary of single characters, written as a byte-level BPE whose merges assemble nothing but those characters.

So it needs no tokenizer of its own: it is saved, loaded and exported like any other, and a character that was never seen falls
into its bytes instead of vanishing.
"""

from collections.abc import Iterable

from tokenizers import AddedToken, models

from engine.tokenizer.bpe import CHARACTER_OF_BYTE, BytePairVocabulary, byte_level
from engine.tokenizer.cuts import CUT
from engine.tokenizer.special import SPECIAL_TOKENS
from engine.tokenizer.text import clean


def character_vocabulary(texts: Iterable[str]) -> BytePairVocabulary:
    """The characters of the texts, the 256 bytes, and the control tokens."""
    characters = sorted({character for text in texts for character in clean(text)})
    entries = list(SPECIAL_TOKENS) + [CHARACTER_OF_BYTE[byte] for byte in range(256)]
    merges: list[tuple[str, str]] = []
    for character in characters:
        written = [CHARACTER_OF_BYTE[byte] for byte in character.encode()]
        for end in range(2, len(written) + 1):
            whole = "".join(written[:end])
            if whole not in entries:
                entries.append(whole)
                merges.append(("".join(written[: end - 1]), written[end - 1]))
    tokenizer = byte_level(models.BPE({entry: id for id, entry in enumerate(entries)}, merges), CUT)
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIAL_TOKENS])
    return BytePairVocabulary(tokenizer)
