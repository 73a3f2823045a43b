"""What is proved about the tokens that a stored record does not list: how likely one, and all of them, can be."""

import math

import msgspec
import numpy as np

_NO_WEIGHT = -math.inf


class Unlisted(msgspec.Struct, frozen=True):
    """Tokens that exist but are not listed.

    count of them; ceiling: no logit of theirs is larger; first: a listed token with just that logit stands before them all.
    low and high bound ln(sum of exp(logit)) over them.
    """

    count: int
    ceiling: float
    low: float
    high: float
    first: bool = True

    @property
    def guess(self) -> float:
        """ln(sum of exp(logit)), somewhere between the bounds."""
        return self.high if self.low == _NO_WEIGHT else (self.low + self.high) / 2

    def come_after(self, logit: float) -> bool:
        """Whether a listed token of this logit stands before all of them, largest first, then by id."""
        return logit > self.ceiling or (self.first and logit == self.ceiling)

    def mixed(self) -> "Unlisted":
        """The same, after listed logits were changed: one that is equal to the ceiling may now have the higher id."""
        return msgspec.structs.replace(self, first=False) if self.first else self

    def moved(self, count: int, fall: float, rise: float = 0.0) -> "Unlisted":
        """After ``count`` of them were changed: each logit by -fall to rise (fall and rise are not negative; inf: no bound)."""
        if count <= 0 or self.ceiling == -math.inf:
            return self.mixed()
        count = min(count, self.count)
        # What can be lost: the weight of the changed ones, at most that of all, times the share that they lose.
        share = (
            math.exp(min(0.0, math.log(count) + self.ceiling - self.low)) * -math.expm1(-fall)
            if self.low > _NO_WEIGHT
            else 1.0
        )
        low = self.low + math.log1p(-share) if share < 1 else _NO_WEIGHT
        ceiling, high = self.ceiling, self.high
        if rise > 0:
            # Rounded up, as float32 may have been.
            ceiling = float(np.nextafter(np.float32(ceiling + rise), np.float32(np.inf)))
            high = float(np.logaddexp(high, math.log(count) + ceiling))
        slack = _slack(ceiling, low, self.count)
        return Unlisted(self.count, ceiling, low - slack, high + slack, False)

    def scaled(self, scale: float) -> "Unlisted":
        """After every logit was multiplied by a positive number."""
        if self.ceiling == -math.inf or scale == 1:
            return self
        ceiling, size = float(np.float32(self.ceiling) * np.float32(scale)), math.log(self.count)
        # The weights w become w^s. With all w <= c and n of them: by convexity n (sum / n)^s is one bound, and
        # w^s = w w^(s - 1), where w^(s - 1) is on one side of c^(s - 1), is the other.
        even = scale * (self.low if scale > 1 else self.high) + (1 - scale) * size
        steep = (scale - 1) * self.ceiling + (self.high if scale > 1 else self.low)
        low, high = (even, steep) if scale > 1 else (steep, even)
        slack = _slack(ceiling, low, self.count)
        return Unlisted(self.count, ceiling, low - slack, min(high, size + ceiling) + slack, False)


def _slack(ceiling: float, low: float, count: int) -> float:
    """By how much rounding the logits to float32 can move the logarithm of their sum: those that matter in it are no smaller than
    the mean, or so little smaller that e^-30 is left of them.
    """
    smallest = abs(low) + math.log(count) if low > _NO_WEIGHT else 0.0
    return 2.0**-23 * (max(abs(ceiling), smallest) + 30)
