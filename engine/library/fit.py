"""How well an estimate goes into what the machine has now."""

from engine.records.loading import Fit, MachineMemory, MemoryEstimate

#: Share of what is free up to which nothing else on the machine notices.
COMFORTABLE = 0.9


def fit(estimate: MemoryEstimate, memory: MachineMemory) -> Fit:
    """fits: something stays free; tight: just about; swaps: only with swap, or by reading weights from the file for every token.

    A machine that does not tell what it has is believed to have enough.
    """
    card = memory.gpu
    if estimate.gpu and (card is None or estimate.gpu > card.free_bytes):
        return "too_large"
    if not memory.total_bytes:
        return "fits"
    need, free = estimate.total, memory.free_bytes
    tight_card = card is not None and estimate.gpu > COMFORTABLE * card.free_bytes
    if need <= free:
        return "tight" if need > COMFORTABLE * free or tight_card else "fits"
    if need <= free + memory.free_swap_bytes:
        return "swaps"
    # What other programs have in memory makes room for the file's pages, and those for each other.
    if need - estimate.mapped <= free and need <= memory.total_bytes:
        return "swaps"
    return "too_large"
