"""Blind spots: training on noisy images alone (Noise2Void, Krull et al. 2019, arXiv:1811.10980)."""

import math

import torch

from draws import philox

# The counter that separates these draws from others.
SPOT_DRAW = 0x300
# The least sides of a cell, which has one blind spot; rows and columns around a mask that replace hidden pixels.
CELL, REACH = 7, 2


def hide(x, image, mask, numbers, key, epoch):
    """Images x [count, values] with hidden pixels, and which of their values count in the loss: 1 or 0, [count, values].

    image is (rows, columns, channels), mask "columns x rows" as "5x1"; the spots are drawn for the images with these numbers.
    """
    rows, columns, _ = image
    wide, high = (int(side) for side in mask.split("x"))
    pixels = x.view(-1, *image)
    hidden, counted = pixels.clone(), torch.zeros_like(pixels)
    down, across = cells(rows, high), cells(columns, wide)
    border = border_of(high, wide).to(x.device)
    every = torch.arange(len(pixels), device=x.device)
    for cell in range(down * across):

        def draw(purpose):
            return philox(0 * numbers + cell, numbers, 0 * numbers + epoch, 0 * numbers + purpose, key)

        words = draw(SPOT_DRAW)
        row = within(cell // across, down, rows, words[0])
        column = within(cell % across, across, columns, words[1])
        for place in range(high * wide):
            y, x = row + place // wide - high // 2, column + place % wide - wide // 2
            offset = border[draw(SPOT_DRAW + 1 + place)[0] * len(border) >> 32]
            from_row, from_column = moved(row, offset[:, 0], rows), moved(column, offset[:, 1], columns)
            shown = (y >= 0) & (y < rows) & (x >= 0) & (x < columns)
            images = every[shown]
            hidden[images, y[shown], x[shown]] = pixels[images, from_row[shown], from_column[shown]]
        counted[every, row, column] = 1
    return hidden.flatten(1), counted.flatten(1)


def cells(side, hidden):
    """How many cells cover a side of an image."""
    return max(1, math.floor(side / max(CELL, hidden + 2 * REACH) + 0.5))


def border_of(high, wide):
    """The pixels around a mask, row by row, relative to its middle: [count, 2]"""
    top, left = high // 2 + REACH, wide // 2 + REACH
    pixels = [(row, column) for row in range(-top, top + 1) for column in range(-left, left + 1)]
    return torch.tensor([(row, column) for row, column in pixels if abs(row) > high // 2 or abs(column) > wide // 2])


def within(index, cells, side, word):
    """A row or column of a cell, from random words."""
    start, end = index * side // cells, (index + 1) * side // cells
    return start + (word * (end - start) >> 32)


def moved(place, offset, side):
    """A row or column at an offset, or at the opposite one if that is outside the image."""
    there = place + offset
    return torch.where((there < 0) | (there >= side), place - offset, there)
