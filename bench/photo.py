"""Trains a dense network for patches of photographs in PyTorch, to compare with, and writes it as a model file of unsnow.

    python3 bench/photo.py PICTURES model.safetensors [--patches 8388608] [--hidden 512,512,512] [--seed 0]

PICTURES is a folder of grey pictures. It is `unsnow train --patch 9 --hidden 512,512,512 --output residual --loss mse
--optimizer adam --schedule cosine --batch 512 --initialization torch --centre --noise gaussian:0.0980392157+unclipped`.
Needs torch, numpy and Pillow.
"""

import argparse
import json
import struct
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

SIDE = 9
BATCH = 512
SIGMA = 25 / 255
CENTER = 0.5


def read_pictures(folder):
    """All pictures one behind the other as bytes, and of every place of a patch the index of its first byte."""
    values, places, first = [], [], 0
    for path in sorted(Path(folder).iterdir()):
        picture = np.asarray(Image.open(path).convert("L"))
        rows, columns = picture.shape
        down, right = np.meshgrid(np.arange(rows - SIDE + 1), np.arange(columns - SIDE + 1), indexing="ij")
        places.append(np.stack([first + down * columns + right, np.full_like(down, columns)], -1).reshape(-1, 2))
        values.append(picture.reshape(-1))
        first += picture.size
    return torch.from_numpy(np.concatenate(values)), torch.from_numpy(np.concatenate(places))


def draw_patches(values, places):
    """[BATCH, SIDE * SIDE] in [0, 1]; all of a batch are turned and flipped alike."""
    first, columns = places[torch.randint(len(places), (BATCH,))].unbind(1)
    line = torch.arange(SIDE)
    index = first[:, None, None] + line[None, :, None] * columns[:, None, None] + line
    patches = values[index].float() / 255
    turn = int(torch.randint(8, (1,)))
    if turn & 1:
        patches = patches.flip(1)
    if turn & 2:
        patches = patches.flip(2)
    if turn & 4:
        patches = patches.transpose(1, 2)
    return patches.reshape(BATCH, -1)


def write_model(path, layers, hidden):
    tensors = {}
    for index, layer in enumerate(layers):
        weight = layer.weight.detach().numpy()
        bias = layer.bias.detach().numpy()
        # W (x - c) + b = W x + (b - c W 1)
        tensors[f"layers.{index}.weight"] = weight
        tensors[f"layers.{index}.bias"] = bias - CENTER * weight.sum(1) if index == 0 else bias
    network = {
        "inputs": SIDE * SIDE,
        "hidden": hidden,
        "activation": "relu",
        "output": "residual",
        "image": [SIDE, SIDE],
        "channels": 1,
    }
    training = {"noise": "gaussian:0.0980392157+unclipped", "seed": 0}
    header, end = {"__metadata__": {"network": json.dumps(network), "training": json.dumps(training)}}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + 4 * tensor.size]}
        end += 4 * tensor.size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(np.ascontiguousarray(tensor, "<f4").tobytes() for tensor in tensors.values())
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pictures")
    parser.add_argument("out")
    parser.add_argument("--patches", type=int, default=8_388_608)
    parser.add_argument("--hidden", default="512,512,512")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    hidden = [int(width) for width in options.hidden.split(",")]
    sizes = [SIDE * SIDE, *hidden, SIDE * SIDE]
    layers = [torch.nn.Linear(inputs, outputs) for inputs, outputs in zip(sizes, sizes[1:])]
    modules = [module for layer in layers for module in (layer, torch.nn.ReLU())][:-1]
    network = torch.nn.Sequential(*modules)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    steps = options.patches // BATCH
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)

    values, places = read_pictures(options.pictures)
    started, total = time.time(), 0.0
    for step in range(1, steps + 1):
        clean = draw_patches(values, places)
        noisy = clean + SIGMA * torch.randn(clean.shape)
        loss = ((noisy - network(noisy - CENTER) - clean) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % 512 == 0:
            print(f"step {step} of {steps}: loss {total / 512:.6f}, {time.time() - started:.0f} s", flush=True)
            total = 0.0
    write_model(options.out, layers, hidden)


main()
