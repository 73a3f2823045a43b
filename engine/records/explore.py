"""Pure values of what is asked and found out about a text: its branches, how two models differ over it, how a reply is replayed."""

import msgspec

from engine.records import AdapterInfo, SamplingSettings, Token


class Bounds(msgspec.Struct, frozen=True):
    """How far a tree grows: tokens from the root, children of a node, the share of the probability that its children cover
    (the first is always there), and nodes in all."""

    depth: int = 4
    width: int = 4
    top_p: float = 0.9
    most_nodes: int = 200


class BranchNode(msgspec.Struct, frozen=True):
    """One token that may come. parent -1 is the text itself; probability is raw, given the path before it.

    path_bits: surprisal of the whole path down to here. greedy: on the path of the most likely token each time; sampled: on the
    path that the chain draws. ends: nothing follows, since it is an end token.
    """

    id: int
    parent: int
    token_id: int
    piece: bytes
    control: bool
    probability: float
    path_bits: float
    rank: int
    depth: int
    greedy: bool
    sampled: bool
    ends: bool


class Side(msgspec.Struct, frozen=True):
    """One of two that are compared: a model by its path, the chain after which its distribution is looked at (None: raw), and the
    adapters beside the model."""

    path: str
    sampling: SamplingSettings | None = None
    adapters: tuple[AdapterInfo, ...] = ()


class Span(msgspec.Struct, frozen=True):
    """A piece of a text that both sides can be compared over: one token of a common vocabulary, else what lies between two places
    where both have a token border.

    start, end: UTF-16 units. left_bits, right_bits: surprisal of the piece; inf where a chain removed what came. kl_bits:
    KL(left || right) of the two distributions, js_bits: Jensen-Shannon divergence, 0 to 1, kl_back_bits: KL(right || left); None
    without a common vocabulary.
    """

    start: int
    end: int
    left_bits: float
    right_bits: float
    kl_bits: float | None = None
    js_bits: float | None = None
    kl_back_bits: float | None = None


class Column(msgspec.Struct, frozen=True):
    """A pair of digits, and what a model that adds wrote after them: its likeliest token, and the likeliest one after that."""

    first: str
    second: str
    carry: str
    digit: str

    @property
    def line(self) -> str:
        """As it stands in the model's text."""
        return f"{self.first}+{self.second}={self.carry}{self.digit}"


class Difference(msgspec.Struct, frozen=True):
    """The first token that is another one now. Probabilities are the saved token's, after the chain and raw, then and now."""

    position: int
    saved: Token
    now: Token
    saved_probability: float | None
    probability_now: float | None
    saved_logprob: float
    logprob_now: float | None  # None where it is no longer among the 64 most likely
    now_logprob: float = 0.0  # raw, of the token that comes now


class Replayed(msgspec.Struct, frozen=True):
    """What a replay found. tokens of ``total`` were compared, the differing one included; changed says what is not as it was then.

    largest_change is the largest difference of a raw log-probability (natural logarithm) over all listed candidates.
    """

    tokens: int
    total: int
    first_difference: Difference | None
    largest_change: float
    changed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every token came out again."""
        return self.first_difference is None and self.tokens == self.total
