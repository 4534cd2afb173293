"""The noise added to a clean image: up to four stages, each applied to the result of the one before."""

import math

import torch

from draws import normals, philox, poisson_quantile, unit

# Combined with a stage's number, gives the counter for drawing the stage's setting.
SETTING_DRAW = 0x100


class Noise:
    """Reads "blur:1+gaussian:0.1..0.6+unclipped", the form that unsnow writes."""

    def __init__(self, text):
        words = [] if text == "none" else text.split("+")
        self.clip = words[-1:] != ["unclipped"]
        self.stages = [stage(word) for word in words if word != "unclipped"]
        self.margin = max([math.ceil(3 * high) for kind, (_, high, _) in self.stages if kind == "blur"], default=0)

    def add(self, x, images, key, epoch):
        """x[count, rows + 2 margin, columns + 2 margin, channels], of images by their numbers -> [count, values]."""
        for index, (kind, law) in enumerate(self.stages):
            draws = Draws(images, key, epoch, index)
            setting = drawn(draws.setting(), *law)
            if kind == "blur":
                x = blurred(x, setting, self.margin)
            else:
                x = stages[kind](x, setting.view(-1, 1, 1, 1), draws)
        return (x.clamp(0, 1) if self.clip else x).flatten(1)

    def strengths(self, images, key, epoch):
        """The setting of the first stage for each image, [images]: what a network with a noise map sees."""
        if not self.stages:
            return torch.zeros(len(images), dtype=torch.float64, device=images.device)
        return drawn(Draws(images, key, epoch, 0).setting(), *self.stages[0][1])


class Draws:
    """The random numbers of one stage on some images."""

    def __init__(self, images, key, epoch, stage):
        self.images, self.key, self.epoch, self.stage = images, key, epoch, stage

    def words(self, positions, draw):
        image = self.images[:, None].expand(-1, positions)
        position = torch.arange(positions, device=image.device).expand_as(image)
        return philox(position, image, torch.full_like(image, self.epoch), torch.full_like(image, draw), self.key)

    def setting(self):
        """[images]"""
        return unit(self.words(1, SETTING_DRAW | self.stage)[0][:, 0])

    def units(self, x):
        """Uniform between 0 and 1, in x's shape."""
        return self.spread(x, [unit(word) for word in self.quads(x)])

    def normals(self, x):
        """Standard normal, in x's shape."""
        return self.spread(x, normals(self.quads(x)))

    def row_normals(self, x):
        """Standard normal, one number per row."""
        return normals(self.words(x.shape[1], self.stage))[0][:, :, None, None]

    def quads(self, x):
        return self.words(-(-x.shape[1:].numel() // 4), self.stage)

    def spread(self, x, four):
        return torch.stack(four, 2).flatten(1)[:, : x.shape[1:].numel()].reshape(x.shape)


def salted(x, share, u):
    """Black for the lowest numbers, white for the uppermost."""
    x = torch.where(1 - u < share / 2, torch.ones_like(x), x)
    return torch.where(u < share / 2, torch.zeros_like(x), x)


stages = {
    "gaussian": lambda x, factor, draws: x + factor * draws.normals(x),
    "uniform": lambda x, amplitude, draws: x + amplitude * (2 * draws.units(x) - 1),
    "salt-pepper": lambda x, share, draws: salted(x, share, draws.units(x)),
    "speckle": lambda x, factor, draws: x + factor * x * draws.normals(x),
    "poisson": lambda x, peak, draws: poisson_quantile(peak * x.clamp(min=0), draws.units(x)) / peak,
    "mask": lambda x, share, draws: torch.where(draws.units(x) < share, torch.zeros_like(x), x),
    "bands": lambda x, factor, draws: x + factor * draws.row_normals(x),
}


def blurred(x, sigma, margin):
    """By a Gaussian window of 2 ceil(3 sigma) + 1 pixels a side, sigma [count]; the margin goes into it."""
    offsets = torch.arange(-margin, margin + 1, device=x.device)
    weights = torch.exp(-0.5 / (sigma**2).clamp(min=1e-12)[:, None] * offsets**2)
    weights = weights * (offsets.abs() <= torch.ceil(3 * sigma)[:, None])
    weights = (weights / weights.sum(1, keepdim=True)).T[..., None, None, None]
    for dimension in (1, 2):
        size = x.shape[dimension] - 2 * margin
        x = sum(weight * x.narrow(dimension, place, size) for place, weight in enumerate(weights))
    return x


def drawn(share, low, high, power):
    """From low to high, with a density in proportion to the number's power; share [images] says how far through it."""
    n = power + 1
    if power == 0 or low == high:
        return low + (high - low) * share
    if n == 0:
        return low * (high / low) ** share
    scale = high if n > 0 else low
    first, last = (low / scale) ** n, (high / scale) ** n
    return scale * (first + (last - first) * share) ** (1 / n)


def stage(word):
    """(kind, (lowest setting, highest setting, the power that it is drawn by))"""
    kind, setting = word.split(":")
    limits, _, power = setting.partition("^")
    low, _, high = limits.partition("..")
    return kind, (float(low), float(high or low), int(power or 0))
