"""Builds the denoiser beside this file in Keras 3: denoiser = load_keras.load().

It takes and gives [images, values] in [0, 1]; a model's images lie row by row. Needs keras and safetensors.
"""

import json
from pathlib import Path

import keras
from safetensors import safe_open


def load(path=Path(__file__).parent / "model.safetensors"):
    with safe_open(path, framework="numpy") as file:
        network = json.loads(file.metadata()["network"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    last = "sigmoid" if network["output"] == "sigmoid" else None
    units = [*network["hidden"], network["inputs"]]
    dense = [keras.layers.Dense(width, activation="relu") for width in units[:-1]]
    dense.append(keras.layers.Dense(units[-1], activation=last))
    x = noisy = keras.Input((network["inputs"],))
    for index, layer in enumerate(dense):
        x = layer(x)
        # The kernel of a Dense is [inputs, outputs], the weight in the file [outputs, inputs].
        layer.set_weights([tensors[f"layers.{index}.weight"].T, tensors[f"layers.{index}.bias"]])
    return keras.Model(noisy, keras.layers.Subtract()([noisy, x]) if network["output"] == "residual" else x)
