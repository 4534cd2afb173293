"""Random square patches of a folder's pictures, as `unsnow train --patch` takes them. Needs Pillow."""

from pathlib import Path

import torch

from draws import HOLD_OUT, TRAINING_PATCHES, VALIDATION_PATCHES, permutation, philox
from stored import as_samples, read_pages

ENDINGS = {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".avif"}


class Patches:
    """`count` patches, drawn again in every epoch; every position in every picture has the same probability."""

    def __init__(self, clean, noisy, limits, count, settings, stream):
        self.count, self.limits = count, limits
        self.side, self.flips, self.key = settings["patch"], settings["flips"], (settings["seed"], stream)
        self.shape = (self.side, self.side, clean[0].shape[2])
        self.clean, self.noisy = (torch.cat([p.flatten() for p in some]) for some in (clean, noisy or clean))
        self.rows, self.columns = (torch.tensor([p.shape[axis] for p in clean]) for axis in (0, 1))
        places = (self.rows - self.side + 1) * (self.columns - self.side + 1)
        values = torch.tensor([p.numel() for p in clean])
        self.first_place, self.first_value = places.cumsum(0) - places, values.cumsum(0) - values
        self.places = int(places.sum())

    def take(self, numbers, epoch, margin, _shift):
        """(noisy, with a margin of what lies around it, clean) of the patches with these numbers, as samples."""
        return self.cut(self.noisy, numbers, epoch, margin), self.cut(self.clean, numbers, epoch, 0)

    def cut(self, values, numbers, epoch, margin):
        drawn, turned, _, _ = philox(numbers, 0 * numbers + epoch, 0 * numbers, 0 * numbers, self.key)
        place = drawn * self.places >> 32
        picture = torch.searchsorted(self.first_place, place, right=True) - 1
        rows, columns = self.rows[picture], self.columns[picture]
        place = place - self.first_place[picture]
        top, left = place // (columns - self.side + 1), place % (columns - self.side + 1)

        # A rotated or flipped patch begins at another corner and steps in another direction.
        bits = turned if self.flips else 0 * turned
        line = torch.arange(-margin, self.side + margin)
        along = [torch.where((bits & bit > 0)[:, None], self.side - 1 - line, line) for bit in (1, 2)]
        transposed = (bits & 4 > 0)[:, None, None]
        down, across = (grid(along[0], transposed, 0), grid(along[1], transposed, 1))
        y = (top[:, None, None] + down).clamp(min=0).minimum(rows[:, None, None] - 1)
        x = (left[:, None, None] + across).clamp(min=0).minimum(columns[:, None, None] - 1)
        channels = self.shape[2]
        first = self.first_value[picture][:, None, None] + (y * columns[:, None, None] + x) * channels
        return values[first[..., None] + torch.arange(channels)]


def grid(line, transposed, axis):
    """[count, side, side]: the line [count, side] along a patch's rows (axis 0) or columns, across where transposed."""
    upright, flat = line[:, :, None], line[:, None, :]
    return torch.where(transposed, *((flat, upright) if axis == 0 else (upright, flat)))


def read_sets(settings):
    """(training patches, validation patches); without validation data of the fifth that unsnow holds out."""
    (*pair, val_clean, val_noisy), limits = read_all(settings, 3 if settings.get("colour") else 1)
    if val_clean:
        pairs = [pair, (val_clean, val_noisy)]
    else:
        pairs = list(zip(*[(None, None) if some is None else hold_out(some) for some in pair]))
    counts = settings["patches"], settings["valPatches"]
    streams = TRAINING_PATCHES, VALIDATION_PATCHES
    return tuple(Patches(*some, limits, count, settings, stream) for some, count, stream in zip(pairs, counts, streams))


def read_all(settings, channels):
    """([clean, noisy, validation, noisy validation], Range): None where there is none. Twins are matched by their names."""
    folders = [settings.get(key) for key in ("data", "noisy", "valData", "valNoisy")]
    pages = read_folders(folders)
    sets, limits = as_samples([some for some in pages if some], channels, settings.get("range"))
    return [sets.pop(0) if some else None for some in pages], limits


def hold_out(pictures):
    """(to train on, to validate on); of a single picture its lowest fifth is held out."""
    if len(pictures) == 1:
        border = len(pictures[0]) - max(1, int(0.2 * len(pictures[0]) + 0.5))
        return [pictures[0][:border]], [pictures[0][border:]]
    order = permutation(len(pictures), (0, HOLD_OUT), 0)
    chosen = [pictures[index] for index in order]
    count = max(1, int(0.2 * len(pictures) + 0.5))
    return chosen[count:], chosen[:count]


def picture_paths(folder, apart=()):
    """
    The pictures in a folder and its sub-folders, by their paths from the folder without extensions, in the order of their paths. Hidden
    files and the folders `apart` are ignored.
    """
    root = Path(folder)
    apart = {path for path in (Path(name).resolve() for name in apart) if root.resolve() in path.parents}
    found = {}
    for path in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
        inner = path.relative_to(root)
        hidden = any(part.startswith(".") for part in inner.parts)
        if hidden or path.suffix.lower() not in ENDINGS or not path.is_file() or apart & set(path.resolve().parents):
            continue
        found[inner.with_suffix("").as_posix()] = path
    return found


def read_folders(folders):
    """All pages of the pictures of each folder, None where there is none; noisy twins are in the order of their clean pictures."""
    apart = [folder for folder in folders if folder]
    paths = [picture_paths(folder, apart) if folder else None for folder in folders]
    read = []
    for place, own in enumerate(paths):
        names = paths[place - 1] if own and place % 2 == 1 and paths[place - 1] else own
        if own is not None and set(own) != set(names):
            raise SystemExit(f"Every picture of {folders[place - 1]} needs a twin of the same name in {folders[place]}.")
        read.append(None if own is None else [page for name in names for page in read_pages(own[name])])
    return read
