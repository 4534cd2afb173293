"""Counter-based random numbers, the same on every device and machine: those that unsnow draws.

A word is a whole number below 2^32 in an int64 tensor.
"""

import math

import torch

WORD = 0xFFFFFFFF

# The purposes of random numbers; the key of every draw is (seed, stream).
SHUFFLE, TRAINING_NOISE, VALIDATION_NOISE, HOLD_OUT, TRAINING_PATCHES, VALIDATION_PATCHES = range(2, 8)


def philox(c0, c1, c2, c3, key):
    """Philox4x32-10 (Salmon et al. 2011): four words for each counter of four words."""
    k0, k1 = key
    for _ in range(10):
        # The product of two words may overflow 2^63, but its bits are still correct.
        p0, p1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = (p1 >> 32) & WORD ^ c1 ^ k0, p1 & WORD, (p0 >> 32) & WORD ^ c3 ^ k1, p0 & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


def unit(word):
    """A number in (0, 1), float64."""
    return ((word >> 9).double() + 0.5) * 2.0**-23


def normals(words):
    """Four standard normal numbers for four words (Box and Muller 1958)."""
    pairs = []
    for first, second in (words[:2], words[2:]):
        radius = torch.sqrt(-2 * torch.log(unit(first)))
        angle = 2 * math.pi * unit(second) - math.pi
        pairs += [radius * torch.cos(angle), radius * torch.sin(angle)]
    return pairs


def permutation(count, key, epoch):
    """A keyed order of 0 ... count - 1: a Feistel network over a power of two, walked until it lands below count."""
    counter = torch.tensor([0, 1])
    words = philox(counter, torch.tensor(epoch), torch.tensor(0), torch.tensor(0), key)
    keys = [int(word[call]) for call in (0, 1) for word in words]
    bits = max(2, (count - 1).bit_length())
    left_bits = bits // 2
    right_bits = bits - left_bits

    def walk(value):
        left, right = value >> right_bits, value & ((1 << right_bits) - 1)
        for even, odd in zip(keys[::2], keys[1::2]):
            left = left ^ mixed(right ^ even) & ((1 << left_bits) - 1)
            right = right ^ mixed(left ^ odd) & ((1 << right_bits) - 1)
        return left << right_bits | right

    value = walk(torch.arange(count))
    while (out := value >= count).any():
        value[out] = walk(value[out])
    return value


def mixed(h):
    """The finalizer of MurmurHash3."""
    h = (h ^ h >> 16) * 0x85EBCA6B & WORD
    h = (h ^ h >> 13) * 0xC2B2AE35 & WORD
    return h ^ h >> 16


def poisson_quantile(mean, u):
    """The count that a Poisson-distributed number does not exceed with probability u."""
    return torch.where(mean < 10, counted_up(mean.clamp(max=10), u), expanded(mean.clamp(min=10), u))


def counted_up(mean, u):
    """Adds up the probabilities of 0, 1, 2, ... to u."""
    count = torch.zeros_like(mean)
    share = torch.exp(-mean)
    below = share
    while (more := (u > below) & ((share >= 2.0**-26) | (count <= mean))).any():
        count = torch.where(more, count + 1, count)
        share = torch.where(more, share * mean / count.clamp(min=1), share)
        below = torch.where(more, below + share, below)
    return count


def expanded(mean, u):
    """Cornish and Fisher's expansion of the quantile, three terms behind the normal one's."""
    w = math.sqrt(2) * torch.erfinv(2 * u - 1)
    root = torch.sqrt(mean)
    count = mean + root * w + (w**2 + 2) / 6 - w * (w**2 + 2) / (72 * root)
    count = count + ((3 * w**2 + 7) * w**2 - 16) / (810 * mean)
    return torch.floor(count).clamp(min=0)
