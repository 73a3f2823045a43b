"""How texts are cut before merges are applied: the ways that llama.cpp knows, by its names for them.

Each way is one or more regular expressions; each cuts the pieces of the one before into matches and what lies between.
"""

from typing import Any

#: GPT-2's way (Radford et al. 2019), which stands in files without an expression.
GPT_2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_REST = r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_ANY_CASE = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#: Ours. Letter by letter, since to ignore case would take U+017F for an s, which llama.cpp does not. Digits stand alone.
CUT = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])" + _REST
_LLAMA_3 = _ANY_CASE + _REST.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
_LOWER, _UPPER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_BEFORE = r"[^\r\n\p{L}\p{N}]?"
_TEKKEN_REST = r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_TEKKEN = f"{_BEFORE}{_UPPER}*{_LOWER}+|{_BEFORE}{_UPPER}+{_LOWER}*{_TEKKEN_REST}"
_TEKKEN_OF_LLAMA_CPP = (
    rf"{_BEFORE}((?=[\p{{L}}])([^a-z]))*((?=[\p{{L}}])([^A-Z]))+|{_BEFORE}((?=[\p{{L}}])([^a-z]))+((?=[\p{{L}}])([^A-Z]))*"
    + _TEKKEN_REST
)

#: The ways in which files are read. Several names of llama.cpp's mean the same.
CUTS: dict[str, tuple[str, ...]] = {
    "qwen2": (CUT,),
    "llama-bpe": (_LLAMA_3,),
    "gpt-2": (GPT_2,),
    "smollm": (r"\p{N}", GPT_2),
    "tekken": (_TEKKEN_OF_LLAMA_CPP,),
    "default": (r"[\p{P}\$\+<=>\^~\|]+", GPT_2, r"\p{N}+", "[0-9][0-9][0-9]"),
}
CUTS |= dict.fromkeys(("deepseek-r1-qwen", "megrez", "kormo"), CUTS["qwen2"])
CUTS |= dict.fromkeys(("llama3", "llama-v3", "falcon3"), CUTS["llama-bpe"])
#: Where a piece that is an entry is taken whole, whether merges lead to it or not.
WHOLE_PIECES = frozenset(("llama-bpe", "llama3", "llama-v3", "falcon3", "tekken"))
_NAMES = {cuts: name for name, cuts in reversed(CUTS.items())} | {(_ANY_CASE + _REST,): "qwen2", (_TEKKEN,): "tekken"}


def name_of(pre_tokenizer: dict[str, Any]) -> str | None:
    """llama.cpp's name for what a ``tokenizer.json`` does before merges; None where it has none."""
    cuts: list[str] = []
    parts = pre_tokenizer.get("pretokenizers", [pre_tokenizer])
    for part in parts:
        match part:
            case {"type": "Split", "pattern": {"Regex": cut}, "behavior": "Isolated"}:
                cuts.append(cut)
            case {"type": "Digits", "individual_digits": True}:
                cuts.append(r"\p{N}")
            case {"type": "ByteLevel", "add_prefix_space": False, "use_regex": bool(by_regex)}:
                cuts += [GPT_2] if by_regex else []
            case _:
                return None
    return _NAMES.get(tuple(cuts))
