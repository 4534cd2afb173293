"""What the tests need of the package safetensors, where it is not installed: float32 tensors, read and written."""

import json
import struct

import numpy


class safe_open:
    def __init__(self, path, framework):
        assert framework == "numpy"
        self.path = path

    def __enter__(self):
        with open(self.path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            self.header = json.loads(file.read(length))
            self.data = file.read()
        self.facts = self.header.pop("__metadata__", None)
        return self

    def __exit__(self, *_):
        pass

    def metadata(self):
        return self.facts

    def keys(self):
        return list(self.header)

    def get_tensor(self, name):
        entry = self.header[name]
        assert entry["dtype"] == "F32"
        begin, end = entry["data_offsets"]
        return numpy.frombuffer(self.data[begin:end], "<f4").reshape(entry["shape"]).copy()


def write(tensors, path):
    """As the package does: the names in the alphabet's order."""
    header, data = {}, b""
    for name in sorted(tensors):
        begin = len(data)
        data += numpy.ascontiguousarray(tensors[name], "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
