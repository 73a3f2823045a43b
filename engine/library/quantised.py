"""What other quantisations of a model need, from the header of one of them; and which one to take."""

from collections.abc import Mapping, Sequence

import msgspec

from engine.records import ModelHeader, TensorInfo
from engine.records.hub import PREFERRED, HubModel
from engine.records.loading import Fit, Speed

#: Up to this many bytes a reply is fast on any machine, so the best quality is taken that is no larger.
QUICK_BYTES = 2_000_000_000
#: Tokens a second below which nobody waits for a reply.
SLOWEST = 1.0
#: From the best down: more than eight bits change no answer.
_QUALITY = ("Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q5_0", "UD-Q4_K_XL", "Q4_K_M", "Q4_K_S", "IQ4_XS", "Q4_0")


def resized(header: ModelHeader, size_bytes: int, quantisation: str) -> ModelHeader:
    """The header as another quantisation of the same model would have it: every tensor larger or smaller by the same factor."""
    before = sum(tensor.size_bytes for tensor in header.tensors)
    kind = main_type(quantisation)
    tensors = tuple(
        TensorInfo(
            tensor.name,
            tensor.shape,
            kind if kind and len(tensor.shape) > 1 else tensor.type,
            tensor.offset,
            round(tensor.size_bytes * size_bytes / max(before, 1)),
        )
        for tensor in header.tensors
    )
    return msgspec.structs.replace(header, tensors=tensors, size_bytes=size_bytes)


def recommend(offers: Sequence[HubModel], fits: Mapping[str, Fit], speeds: Mapping[str, Speed] = {}) -> str:
    """The name of the one to take: of small models the best quality, of large ones good answers for the size, if it fits.

    Where none fits, the smallest that just about does; "" where there is none, or all are slower than anybody waits for.
    """
    offers = [one for one in offers if one.name not in speeds or speeds[one.name].tokens_per_s >= SLOWEST]
    good = [offer for offer in offers if fits.get(offer.name) == "fits"]
    quick = [offer for offer in good if offer.size_bytes <= QUICK_BYTES]
    for ranked, among in ((_QUALITY, quick), (PREFERRED, good)):
        known = [offer for offer in among if offer.quantisation in ranked]
        if known:
            return min(known, key=lambda offer: (ranked.index(offer.quantisation), offer.size_bytes)).name
    if good:
        return min(good, key=lambda offer: offer.size_bytes).name
    tight = [offer for offer in offers if fits.get(offer.name) == "tight"]
    return min(tight, key=lambda offer: offer.size_bytes).name if tight else ""


def main_type(quantisation: str) -> str:
    """The type of most weights: Q4_K of Q4_K_M."""
    name = quantisation.removeprefix("UD-")
    for end in ("_XXS", "_XS", "_XL", "_S", "_M", "_L"):
        if name.endswith(end) and name.count("_") > 1:
            return name.removesuffix(end)
    return name
