"""Pictures as unsnow reads them: their samples, the range of these, transparency, colour profiles, and grey from colour. Needs Pillow."""

from collections import namedtuple

import numpy

from profiles import read_profile

# The samples that are black and white, and the bits that they have in their files.
Range = namedtuple("Range", "low high bits")
BYTES = Range(0, 255, 8)
BITS = {"u8": 8, "u16": 16, "i16": 16, "f32": 32}

# By kind: unsigned of 8 and 16 bits, signed of 16, and float32.
FULL = {"u8": (0, 255), "u16": (0, 65535), "f32": (0, 1)}
TYPES = {"u8": numpy.uint8, "u16": numpy.uint16, "i16": numpy.int16, "f32": numpy.float32}
FULL_RANGES = {range.bits: range for range in (BYTES, Range(0, 65535, 16), Range(0, 1, 32))}
OPAQUE = {"u8": 255, "u16": 65535, "f32": 1}
MODES = {"L": ("u8", 1), "LA": ("u8", 1), "RGB": ("u8", 3), "RGBA": ("u8", 3), "F": ("f32", 1)}


class Stored:
    """A page as its file stores it, upright: samples [rows, columns, channels], and alpha [rows, columns] or None."""

    def __init__(self, name, kind, samples, alpha, profile):
        self.name, self.kind, self.samples, self.alpha, self.profile = name, kind, samples, alpha, profile


def read_pages(path):
    """All pages of a file; only TIFF files have several."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            count = getattr(image, "n_frames", 1)
            if count > 1 and image.format != "TIFF":
                raise SystemExit(f"{path} has {count} pages, but files with several pages are read only in the format TIFF.")
            pages = []
            for page in range(count):
                image.seek(page)
                pages.append(read_page(image, path, f"{path}#{page + 1}" if count > 1 else str(path)))
            return pages
    except UnidentifiedImageError:
        raise SystemExit(f"{path} cannot be read by this version of Pillow.")


def read_page(image, path, name):
    from PIL import ImageOps

    mode, deep = image.mode, deep_kind(image, path, name)
    profile = image.info.get("icc_profile")
    picture = ImageOps.exif_transpose(image)
    if deep:
        samples = numpy.array(picture)
        kind = deep
    else:
        if mode in ("1", "P", "PA") or "transparency" in image.info:
            grey = mode in ("1", "L")
            clear = mode == "PA" or "transparency" in image.info
            mode = ("LA" if clear else "L") if grey else ("RGBA" if clear else "RGB")
            picture = picture.convert(mode)
        if mode not in MODES:
            raise SystemExit(f"{name} has the colours {mode}, but only grey and RGB pictures of 8 or 16 bits or 32-bit floats are read.")
        kind, samples = MODES[mode][0], numpy.array(picture)
    samples = samples.astype(TYPES[kind]).reshape(*samples.shape[:2], -1)
    channels = 1 if deep else MODES[mode][1]
    alpha = samples[..., channels] if samples.shape[2] > channels else None
    if not numpy.isfinite(samples).all():
        raise SystemExit(f"{name} has samples that are not finite numbers, which cannot be read.")
    return Stored(name, kind, samples[..., :channels], alpha, read_profile(profile, channels, name))


def deep_kind(image, path, name):
    """The kind of samples of more than 8 bits; None for 8. Pillow reads such samples only in grey."""
    bits, signed, planes, inverted = 8, False, len(image.getbands()), False
    if image.format == "PNG":
        with open(path, "rb") as file:
            header = file.read(26)
        bits, planes = header[24], {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header[25]]
    if image.format == "TIFF":
        tags = image.tag_v2
        bits, planes = max(tags.get(258, (1,))), tags.get(277, 1)
        signed, inverted = max(tags.get(339, (1,))) == 2, tags.get(262) == 0
        if 1 in tuple(tags.get(338, ())):
            raise SystemExit(f"{name} has colours that are multiplied by their alpha, but only unassociated alpha is read.")
    if bits <= 8:
        return None
    if planes > 1 or inverted or (bits, image.mode == "F") not in ((16, False), (32, True)):
        raise SystemExit(f"{name} has {planes} channels of {bits} bits, which Pillow does not read as they are; save it in grey, or with 8 bits.")
    return "f32" if image.mode == "F" else "i16" if signed else "u16"


def as_samples(sets, channels, text):
    """
    Sets of pages as lists of tensors [rows, columns, channels], and their Range, one for all sets. `text` is the range as "0..4095" or None.
    """
    import torch

    if text is None:
        sets = [[reduced(page, channels) for page in pages] for pages in sets]
    pages = [page for pages in sets for page in pages]
    kinds = {page.kind for page in pages}
    given = tuple(float(part) for part in text.split("..")) if text else None
    if given and len(kinds) > 1:
        raise SystemExit("A range is for samples of one kind, but the pictures have several.")
    ranges = {kind: given or usual_range(kind, [page for page in pages if page.kind == kind]) for kind in kinds}
    kind, = kinds if len(kinds) == 1 else ("f32",)
    stored = kind
    if kind == "i16" or (kind == "u8" and ranges[kind] != FULL["u8"]):
        whole = kind == "u8" and all(value == int(value) and 0 <= value <= 65535 for value in ranges[kind])
        stored = "u16" if whole else "f32"
    goal = ranges[kind] if len(kinds) == 1 else FULL["f32"]

    def tensor(page):
        samples = network_samples(page, channels, ranges[page.kind], stored, goal)
        # PyTorch has no 16 bits without a sign.
        return torch.from_numpy(samples.astype(numpy.int32) if stored == "u16" else samples)

    bits = BITS[kind] if len(kinds) == 1 else 32
    return [[tensor(page) for page in pages] for pages in sets], Range(*goal, bits)


def reduced(page, channels):
    """A page in grey, if that is wanted, in the samples of its file; not if transparency or a profile matter."""
    if page.profile or page.alpha is not None or page.kind == "i16" or channels == page.samples.shape[2]:
        return page
    samples = network_samples(page, channels, (-numpy.inf, numpy.inf), page.kind, (-numpy.inf, numpy.inf))
    return Stored(page.name, page.kind, samples, None, None)


def usual_range(kind, pages):
    low, high = float(min(page.samples.min() for page in pages)), float(max(page.samples.max() for page in pages))
    if kind == "i16" or (kind == "f32" and (low < 0 or high > 1)):
        raise SystemExit(f"{pages[0].name} needs a range: the samples that are black and white, as \"range\": \"{low:g}..{high:g}\" in settings.json.")
    for bits in (10, 12, 14):
        if kind == "u16" and high < 2**bits:
            print(f"No sample above {2**bits - 1}: read as {bits} bits.", flush=True)
            return (0, 2**bits - 1)
    return FULL[kind]


def network_samples(page, channels, limits, stored, goal):
    """The samples of a page as a network sees them, in grey or in colour, each rounded once."""
    low, high = limits
    colours = page.samples.astype(numpy.float64).clip(low, high)
    plain = page.profile is None and stored == page.kind and limits == goal
    white = high
    if not plain:
        colours, white = (colours - low) / (high - low), 1
        if page.profile:
            colours = page.profile(colours).clip(0, 1)
    if page.alpha is not None:
        colours = white + (colours - white) * (page.alpha[..., None] / OPAQUE[page.kind])
    if not plain:
        colours = goal[0] + colours * (goal[1] - goal[0])
    if channels == 1 and colours.shape[2] == 3:
        red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
        luma = (2126 * red + 7152 * green + 722 * blue) / 10000
        colours = numpy.where((red == green) & (green == blue), red, luma)[..., None]
    if channels == 3 and colours.shape[2] == 1:
        colours = colours.repeat(3, axis=2)
    return colours.astype(numpy.float32) if stored == "f32" else numpy.floor(colours + 0.5).astype(TYPES[stored])
