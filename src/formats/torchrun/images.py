"""Images of one size: IDX files of bytes, gzipped or not, or folders of pictures. A pixel is byte / 255."""

import gzip
import hashlib
import struct
from pathlib import Path

import torch

from draws import HOLD_OUT, permutation, philox
from pictures import picture_names, read_pictures

# Separate the counters of these draws from those of the noise.
SWAP_DRAW = 0x200
SHIFT_DRAW = 0x300


class Images:
    """Images [count, rows, columns, channels], bytes, and their measured noisy twins where there are some."""

    def __init__(self, clean, noisy=None):
        self.count = len(clean)
        self.shape = clean.shape[1:]
        self.clean, self.noisy = clean, clean if noisy is None else noisy

    def take(self, numbers, epoch, margin, shift):
        """(noisy, with a margin of its outermost pixels, clean) of the images with these numbers, as bytes, moved by shift[2, images]."""
        return self.moved(self.noisy, numbers, margin, shift), self.moved(self.clean, numbers, 0, shift)

    def moved(self, images, numbers, margin, shift):
        if margin == 0 and not shift.any():
            return images[numbers]
        down, across = (reach(size, margin, by) for size, by in zip(self.shape[:2], shift))
        return images[numbers[:, None, None], down[:, :, None], across[:, None, :]]


def reach(size, margin, shift):
    """0 ... size - 1 with a margin in which the first and the last are repeated, moved by shift[images]: [images, size + 2 margin]"""
    inside = torch.arange(-margin, size + margin).clamp(0, size - 1)
    return (inside - shift[:, None]).clamp(0, size - 1)


def shifts(numbers, key, epoch, most):
    """The shift of images in rows down and columns to the right, each at most `most`: [2, images]"""
    words = philox(0 * numbers, numbers, 0 * numbers + epoch, 0 * numbers + SHIFT_DRAW, key)[:2]
    return torch.stack([(word * (2 * most + 1) >> 32) - most for word in words])


def swapped(noisy, clean, numbers, key, epoch):
    """Noise2Noise: for every image, draws which of its two noisy pictures is the target."""
    word = philox(0 * numbers, numbers, 0 * numbers + epoch, 0 * numbers + SWAP_DRAW, key)[0]
    swap = ((word & 1) == 1).view(-1, 1, 1, 1)
    return torch.where(swap, clean, noisy), torch.where(swap, noisy, clean)


def read_sets(settings):
    """(training images, validation images); without validation data the fifth that unsnow holds out."""
    clean, noisy = read_pair(settings["data"], settings.get("noisy"), settings)
    if settings.get("valData"):
        return Images(clean, noisy), Images(*read_pair(settings["valData"], settings.get("valNoisy"), settings))
    order = permutation(len(clean), (0, HOLD_OUT), 0)
    held_out = int(0.2 * len(clean) + 0.5)
    parts = order[held_out:], order[:held_out]
    return tuple(Images(clean[part], None if noisy is None else noisy[part]) for part in parts)


def read_pair(clean, noisy, settings):
    """Twins are matched by their order in IDX files and by their names in folders."""
    names = picture_names(clean) if Path(clean).is_dir() else None
    return read_images(clean, names, settings), noisy and read_images(noisy, names, settings)


def read_images(name, names, settings):
    path = Path(name)
    channels = settings["channels"]
    images = torch.stack(read_pictures(path, names, channels)) if path.is_dir() else read_idx(path)
    if list(images.shape[1:3]) != settings["image"]:
        found = list(images.shape[1:3])
        raise SystemExit(f"{name} has images of {found}, but the network is for {settings['image']}.")
    return images


def read_idx(path):
    data = path.read_bytes()
    data = bytearray(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    if data[:4] != b"\0\0\x08\x03":
        raise SystemExit(f"{path} is not an IDX file of bytes with the dimensions [count, rows, columns].")
    count, rows, columns = struct.unpack(">III", data[4:16])
    return torch.frombuffer(data, dtype=torch.uint8, offset=16).reshape(count, rows, columns, 1)


def check_same(images, fingerprint, name):
    """Exits with an error unless these are the images that the run was trained on."""
    rows = images.count
    if fingerprint["count"] == rows:
        # If there are too many images for memory, unsnow samples some.
        some = torch.arange(min(rows, 256)) * rows // min(rows, 256)
        for chosen in (images.clean, images.clean[some]):
            if hashlib.sha256(chosen.contiguous().numpy().tobytes()).hexdigest() == fingerprint["sha256"]:
                return
    raise SystemExit(f"{name} is not what the run was trained on; use --other-data to train on it anyway.")
