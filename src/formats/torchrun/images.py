"""Images of one size: IDX files of bytes, gzipped or not, or folders of pictures."""

import gzip
import hashlib
import struct
from pathlib import Path

import torch

from draws import HOLD_OUT, permutation, philox
from pictures import read_folders
from stored import BYTES, as_samples

# Separate the counters of these draws from those of the noise.
SWAP_DRAW = 0x200
SHIFT_DRAW = 0x300


class Images:
    """
    Images [count, rows, columns, channels] of samples, and their measured noisy twins where there are some; `limits` is their
    Range.
    """

    def __init__(self, clean, noisy=None, limits=BYTES):
        self.count, self.limits = len(clean), limits
        self.shape = clean.shape[1:]
        self.clean, self.noisy = clean, clean if noisy is None else noisy

    def take(self, numbers, epoch, margin, shift):
        """(noisy, with a margin of its outermost pixels, clean) of the images with these numbers, as samples, moved by shift[2, images]."""
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
    (clean, noisy, val_clean, val_noisy), limits = read_all(settings)
    if val_clean is not None:
        return Images(clean, noisy, limits), Images(val_clean, val_noisy, limits)
    order = permutation(len(clean), (0, HOLD_OUT), 0)
    held_out = int(0.2 * len(clean) + 0.5)
    parts = order[held_out:], order[:held_out]
    return tuple(Images(clean[part], None if noisy is None else noisy[part], limits) for part in parts)


def read_all(settings):
    """
    ([clean, noisy, validation, noisy validation], Range): None where there is none. Twins are matched by their order in IDX files and
    by their names in folders.
    """
    files = [settings.get(key) for key in ("data", "noisy", "valData", "valNoisy")]
    folders = [file if file and Path(file).is_dir() else None for file in files]
    pages = [some for some in read_folders(folders) if some is not None]
    limits = BYTES
    if pages:
        pages, limits = as_samples(pages, settings["channels"], settings.get("range"))
        if limits != BYTES and not all(folder for file, folder in zip(files, folders) if file):
            raise SystemExit("IDX files hold bytes, so the pictures of folders beside them need 8 bits.")
    sets = []
    for file, folder in zip(files, folders):
        images = None if not file else stacked(pages.pop(0), file) if folder else read_idx(Path(file))
        if images is not None and list(images.shape[1:3]) != settings["image"]:
            found = list(images.shape[1:3])
            raise SystemExit(f"{file} has images of {found}, but the network is for {settings['image']}.")
        sets.append(images)
    return sets, limits


def stacked(pages, name):
    if len({page.shape for page in pages}) > 1:
        raise SystemExit(f"The pictures of {name} have different sizes.")
    return torch.stack(pages)


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
            samples = chosen.contiguous().numpy()
            # Samples of 16 bits, of which PyTorch has no type.
            samples = samples.astype("<u2") if samples.dtype == "int32" else samples
            if hashlib.sha256(samples.tobytes()).hexdigest() == fingerprint["sha256"]:
                return
    raise SystemExit(f"{name} is not what the run was trained on; use --other-data to train on it anyway.")
