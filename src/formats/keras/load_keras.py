"""Builds the denoiser beside this file in Keras 3: denoiser = load_keras.load().

A network of dense layers takes and gives [images, values] in [0, 1]; a model's images lie row by row. One of convolutions takes and
gives [images, rows, columns, channels], of any size that its strides divide. Needs keras and safetensors.
"""

import json
from pathlib import Path

import keras
from safetensors import safe_open


def load(path=Path(__file__).parent / "model.safetensors"):
    with safe_open(path, framework="numpy") as file:
        network = json.loads(file.metadata()["network"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    planes = isinstance(network["hidden"][0], str)
    x = noisy = keras.Input((None, None, network["channels"]) if planes else (network["inputs"],))
    last = f"conv:{network['channels']}" if planes else network["inputs"]
    for index, layer in enumerate([*network["hidden"], last]):
        weight, bias = (tensors[f"layers.{index}.{part}"] for part in ("weight", "bias"))
        x = convolution(x, layer, weight, bias) if planes else dense(x, layer, weight, bias)
        if index < len(network["hidden"]):
            x = keras.layers.ReLU()(x)
    if network["output"] == "sigmoid":
        x = keras.layers.Activation("sigmoid")(x)
    return keras.Model(noisy, keras.layers.Subtract()([noisy, x]) if network["output"] == "residual" else x)


def dense(x, width, weight, bias):
    # The kernel of a Dense is [inputs, outputs], the weight in the file [outputs, inputs].
    return filled(keras.layers.Dense(width), x, weight.T, bias)


def convolution(x, word, weight, bias):
    """A layer "conv:16", "conv:16/2" or "up:16"."""
    kind, size = word.split(":")
    channels, _, stride = size.partition("/")
    # Keras' kernels are [3, 3, inputs, outputs], those of a transposed convolution [3, 3, outputs, inputs]; the weights in the file
    # [outputs, inputs, 3, 3] and [inputs, outputs, 3, 3].
    kernel = weight.transpose(2, 3, 1, 0)
    # With a stride of 2, Keras' own padding is at other edges than PyTorch's, so the border is added and cut off here.
    if kind == "up":
        x = filled(keras.layers.Conv2DTranspose(int(channels), 3, strides=2), x, kernel, bias)
        return keras.layers.Cropping2D(((1, 0), (1, 0)))(x)
    x = keras.layers.ZeroPadding2D(1)(x)
    return filled(keras.layers.Conv2D(int(channels), 3, strides=int(stride or 1)), x, kernel, bias)


def filled(layer, x, *weights):
    """The layer's output, after its weights are set."""
    y = layer(x)
    layer.set_weights(weights)
    return y
