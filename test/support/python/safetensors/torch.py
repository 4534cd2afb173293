import torch

from . import safe_open, write


def load_file(path):
    with safe_open(path, framework="numpy") as file:
        return {name: torch.from_numpy(file.get_tensor(name)) for name in file.keys()}


def save_file(tensors, path):
    write({name: tensor.detach().numpy() for name, tensor in tensors.items()}, path)
