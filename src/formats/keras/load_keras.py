"""Builds the denoiser beside this file in Keras 3: denoiser = load_keras.load().

A network of dense layers takes and gives [images, values] in [0, 1]; a model's images lie row by row. One of convolutions takes and
gives [images, rows, columns, channels], of any size that its strides and blocks divide; with a noise map it takes [images, strengths],
the strengths [images, 1]. Needs keras and safetensors.
"""

import json
from pathlib import Path

import keras
import numpy
from safetensors import safe_open


def load(path=Path(__file__).parent / "model.safetensors"):
    with safe_open(path, framework="numpy") as file:
        network = json.loads(file.metadata()["network"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    planes = isinstance(network["hidden"][0], str)
    channels, block = network.get("channels", 1), network.get("block", 1)
    x = noisy = keras.Input((None, None, channels) if planes else (network["inputs"],))
    given = noisy
    if block > 1:
        x = to_blocks(x, channels, block)
    if network.get("noiseMap"):
        strength = keras.Input((1,))
        x, given = with_map(x, strength), [noisy, strength]
    last = f"conv:{channels * block**2}" if planes else network["inputs"]
    outputs = []
    for index, layer in enumerate([*network["hidden"], last]):
        weight, bias = (tensors[f"layers.{index}.{part}"] for part in ("weight", "bias"))
        x = convolution(x, layer, weight, bias, outputs) if planes else dense(x, layer, weight, bias)
        if index < len(network["hidden"]):
            x = keras.layers.ReLU()(x)
            outputs.append(x)
    if block > 1:
        x = to_pixels(x, channels, block)
    if network["output"] == "sigmoid":
        x = keras.layers.Activation("sigmoid")(x)
    return keras.Model(given, keras.layers.Subtract()([noisy, x]) if network["output"] == "residual" else x)


def block_kernel(channels, block):
    """[block, block, channels, channels * block**2]: 1 from each pixel of a block to its channel, in the order of PyTorch's pixel_unshuffle."""
    kernel = numpy.zeros((block, block, channels, channels * block**2), numpy.float32)
    for place in range(channels * block**2):
        channel, pixel = divmod(place, block**2)
        kernel[pixel // block, pixel % block, channel, place] = 1
    return kernel


def to_blocks(x, channels, block):
    layer = keras.layers.Conv2D(channels * block**2, block, strides=block, use_bias=False)
    return filled(layer, x, block_kernel(channels, block))


def to_pixels(x, channels, block):
    layer = keras.layers.Conv2DTranspose(channels, block, strides=block, use_bias=False)
    return filled(layer, x, block_kernel(channels, block))


def with_map(x, strength):
    """The strength of the noise as one more channel: zeros of x's rows and columns, plus the strength."""
    zeros = filled(keras.layers.Conv2D(1, 1, use_bias=False), x, numpy.zeros((1, 1, x.shape[-1], 1), numpy.float32))
    level = keras.layers.Reshape((1, 1, 1))(strength)
    return keras.layers.Concatenate()([x, keras.layers.Add()([zeros, level])])


def dense(x, width, weight, bias):
    # The kernel of a Dense is [inputs, outputs], the weight in the file [outputs, inputs].
    return filled(keras.layers.Dense(width), x, weight.T, bias)


def convolution(x, word, weight, bias, outputs):
    """A layer "conv:16", "conv:16/2" or "up:16"; "conv:16+2" adds the output of layer 2, counted from 1."""
    kind, size = word.split(":")
    size, _, added = size.partition("+")
    channels, _, stride = size.partition("/")
    # Keras' kernels are [3, 3, inputs, outputs], those of a transposed convolution [3, 3, outputs, inputs]; the weights in the file
    # [outputs, inputs, 3, 3] and [inputs, outputs, 3, 3].
    kernel = weight.transpose(2, 3, 1, 0)
    # With a stride of 2, Keras' own padding is at other edges than PyTorch's, so the border is added and cut off here.
    if kind == "up":
        x = filled(keras.layers.Conv2DTranspose(int(channels), 3, strides=2), x, kernel, bias)
        x = keras.layers.Cropping2D(((1, 0), (1, 0)))(x)
    else:
        x = keras.layers.ZeroPadding2D(1)(x)
        x = filled(keras.layers.Conv2D(int(channels), 3, strides=int(stride or 1)), x, kernel, bias)
    return keras.layers.Add()([x, outputs[int(added) - 1]]) if added else x


def filled(layer, x, *weights):
    """The layer's output, after its weights are set."""
    y = layer(x)
    layer.set_weights(weights)
    return y
