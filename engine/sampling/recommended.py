"""What the maker of a model recommends: carried in its file as ``general.sampling.*``."""

import msgspec


class RecommendedSampling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that suit a model; None says nothing."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
