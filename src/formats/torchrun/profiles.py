"""Colour profiles (ICC.1:2022) of a matrix and tone curves, to the numbers of sRGB (IEC 61966-2-1), as unsnow converts them."""

import struct

import numpy

# From linear sRGB to CIE XYZ under D50.
SRGB = numpy.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
STEPS = 2**14


def read_profile(data, channels, name):
    """A function from colours [..., channels] to those of sRGB, not clipped; None if the profile is sRGB, or if there is none."""
    if not data:
        return None
    try:
        convert = parse(data, channels, name)
    except (struct.error, IndexError, ValueError, numpy.linalg.LinAlgError):
        raise SystemExit(f"{name} has a damaged colour profile: save it with another one, or without.")
    side = 256 if channels == 1 else 9
    line = numpy.arange(side) / (side - 1)
    grid = numpy.stack(numpy.meshgrid(*[line] * channels), -1)
    return None if (abs(convert(grid) - grid) < 1 / 255).all() else convert


def parse(data, channels, name):
    if data[16:20] != (b"GRAY" if channels == 1 else b"RGB "):
        raise SystemExit(f"{name} has a colour profile for {data[16:20].decode('latin1').strip()}, which are not its colours.")
    count = struct.unpack(">I", data[128:132])[0]
    places = [data[132 + 12 * index :] for index in range(min(count, 1000))]
    tags = {place[:4]: struct.unpack(">I", place[4:8])[0] for place in places}
    curves = [b"kTRC"] if channels == 1 else [b"rTRC", b"gTRC", b"bTRC"]
    columns = [] if channels == 1 else [b"rXYZ", b"gXYZ", b"bXYZ"]
    if data[20:24] != b"XYZ " or any(tag not in tags for tag in curves + columns):
        raise SystemExit(f"{name} has a colour profile of tables, but only profiles of a matrix and tone curves are read.")
    tables = [curve(data[tags[tag] :]) for tag in curves]
    matrix = numpy.eye(channels)
    if columns:
        numbers = [struct.unpack(">3i", data[tags[tag] + 8 : tags[tag] + 20]) for tag in columns]
        matrix = numpy.linalg.inv(SRGB) @ (numpy.array(numbers).T / 65536)

    def convert(colours):
        linear = numpy.stack([table(colours[..., place]) for place, table in enumerate(tables)], -1)
        return encode(linear @ matrix.T)

    return convert


def encode(linear):
    """sRGB's tone curve, extended to negative numbers."""
    size = abs(linear)
    return numpy.sign(linear) * numpy.where(size <= 0.0031308, 12.92 * size, 1.055 * size ** (1 / 2.4) - 0.055)


def curve(tag):
    """A `curv` or `para` tag as a function; between the places of its table numbers are interpolated linearly."""
    if tag[:4] == b"curv":
        count = struct.unpack(">I", tag[8:12])[0]
        if count == 0:
            return lambda x: x.clip(0, 1)
        numbers = numpy.array(struct.unpack(f">{count}H", tag[12 : 12 + 2 * count]))
        return tabled(lambda x: x ** (numbers[0] / 256)) if count == 1 else interpolated(numbers / 65535)
    if tag[:4] != b"para":
        raise ValueError("The tag is not a curve.")
    kind = struct.unpack(">H", tag[8:10])[0]
    count = [1, 3, 4, 5, 7][kind]
    given = [number / 65536 for number in struct.unpack(f">{count}i", tag[12 : 12 + 4 * count])]
    g, a, b, c, d, e, f = given + [1, 1, 0, 0, 0, 0, 0][count:]
    power = lambda x: numpy.maximum(a * x + b, 0) ** g
    if kind == 0:
        return tabled(lambda x: x**g)
    if kind < 3:
        floor = c if kind == 2 else 0
        return tabled(lambda x: numpy.where(x >= -b / a, power(x) + floor, floor))
    return tabled(lambda x: numpy.where(x >= d, power(x) + e, c * x + f))


def tabled(function):
    return interpolated(function(numpy.arange(STEPS + 1) / STEPS).clip(0, 1))


def interpolated(table):
    return lambda x: numpy.interp(x.clip(0, 1) * (len(table) - 1), numpy.arange(len(table)), table)
