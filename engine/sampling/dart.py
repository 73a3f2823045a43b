"""The dart: the one uniform number that picks a token, a function of seed, position and stage alone."""

import numpy as np

#: Stage number of the final draw; stages that draw numbers of their own use their place in the chain.
FINAL = 0xFFFF


def dart(seed: int, position: int, stage: int = FINAL) -> float:
    """A number in [0, 1) with 53 random bits: Philox4x64 (Salmon et al. 2011) keyed by the seed, counted by position and stage.

    Read with random_raw, since the streams of numpy's Generator methods may change between releases.
    """
    generator = np.random.Philox(key=seed, counter=[position, stage, 0, 0])
    return float(int(generator.random_raw()) >> 11) * 2.0**-53
