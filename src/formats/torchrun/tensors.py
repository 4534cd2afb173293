"""Safetensors files of float32 (huggingface.co/docs/safetensors): a header of JSON, then the numbers."""

import json
import os
import struct
from pathlib import Path

import torch


def read_tensors(path):
    """(tensors by name, metadata)"""
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(data[8 + length + begin : 8 + length + end], dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors, metadata


def write_tensors(path, tensors, metadata):
    """Writes the file completely or not at all."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        begin = len(data)
        data += tensor.detach().cpu().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    temporary = Path(f"{path}.tmp")
    with open(temporary, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
