"""Makes a stack that resembles fluorescence microscopy: blobs and fibres that move from page to page, under photon noise.

python3 bench/fluorescence.py FOLDER writes clean.tif and noisy.tif: 30 pages of 256 x 256 samples of 16 bits. The brightest places emit
about 20 photons a pixel; a photon is 1,000 of the sample's units. Needs NumPy and Pillow. The same versions write the same pixels.
"""

import pathlib
import sys

import numpy as np
from PIL import Image

PAGES, SIDE, PEAK, UNIT = 30, 256, 20, 1000


def scene(random):
    """The intensities of all pages, 0 to 1: [pages, side, side]"""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(float)
    blobs = [(*random.uniform(0, SIDE, 2), random.uniform(2, 9), random.uniform(0.25, 0.9), random.normal(0, 0.6, 2)) for _ in range(45)]
    fibres = [(random.uniform(0, SIDE), random.uniform(0, SIDE), random.uniform(0, np.pi), random.uniform(15, 60), random.uniform(0.8, 1.6), random.uniform(0.3, 0.8)) for _ in range(25)]
    pages = []
    for page in range(PAGES):
        picture = np.full((SIDE, SIDE), 0.04)
        for row, column, radius, height, (down, across) in blobs:
            distance = (y - row - down * page) ** 2 + (x - column - across * page) ** 2
            picture += height * np.exp(-distance / (2 * radius**2))
        for row, column, angle, bend, width, height in fibres:
            along = (x - column) * np.cos(angle) + (y - row) * np.sin(angle)
            away = -(x - column) * np.sin(angle) + (y - row) * np.cos(angle) - 8 * np.sin(along / bend + page / 15)
            picture += height * np.exp(-(away**2) / (2 * width**2)) * (np.abs(along) < 90)
        pages.append(np.clip(picture, 0, 1))
    return np.stack(pages)


def write(path, values):
    pages = [Image.fromarray(np.clip(np.round(page), 0, 65535).astype(np.uint16)) for page in values]
    pages[0].save(path, save_all=True, append_images=pages[1:])


random = np.random.default_rng(0)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
photons = PEAK * scene(random)
write(folder / "clean.tif", UNIT * photons)
write(folder / "noisy.tif", UNIT * random.poisson(photons))
