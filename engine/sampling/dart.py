"""The dart: the one uniform number that picks a token, a function of seed, position and stage alone."""

from functools import lru_cache

import numpy as np

#: Stage number of the final draw; stages that draw numbers of their own have others.
FINAL = 0xFFFF
_BLOCK = 64  # to make a generator costs as much as this many numbers


def dart(seed: int, position: int, stage: int = FINAL) -> float:
    """A number in [0, 1) with 53 random bits: Philox4x64 (Salmon et al. 2011) keyed by the seed, counted by position and stage.

    Read with random_raw, since the streams of numpy's Generator methods may change between releases.
    """
    return _block(seed, stage, position // _BLOCK)[position % _BLOCK]


@lru_cache(maxsize=256)
def _block(seed: int, stage: int, block: int) -> list[float]:
    """The darts of the positions block * _BLOCK onwards. A counter gives four words, of which the first is used."""
    generator = np.random.Philox(key=seed, counter=[block * _BLOCK, stage, 0, 0])
    words = generator.random_raw(4 * _BLOCK)[::4]
    darts: list[float] = ((words >> np.uint64(11)) * 2.0**-53).tolist()
    return darts
