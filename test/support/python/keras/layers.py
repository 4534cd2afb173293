import numpy

activations = {
    None: lambda z: z,
    "relu": lambda z: numpy.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + numpy.exp(-z)),
}


class Symbol:
    """What a layer gives: computed when the model's input is known."""

    def __init__(self, value, width):
        self.value, self.width = value, width


class Dense:
    """activation(x kernel + bias), kernel [inputs, outputs]."""

    def __init__(self, units, activation=None):
        self.units, self.activation = units, activations[activation]

    def __call__(self, x):
        self.inputs = x.width
        return Symbol(lambda given: self.activation(x.value(given) @ self.kernel + self.bias), self.units)

    def set_weights(self, weights):
        self.kernel, self.bias = weights
        # Like Keras: only a built layer accepts weights, and only with matching shapes.
        assert self.kernel.shape == (self.inputs, self.units), self.kernel.shape
        assert self.bias.shape == (self.units,), self.bias.shape


class Subtract:
    def __call__(self, pair):
        first, second = pair
        assert first.width == second.width
        return Symbol(lambda given: first.value(given) - second.value(given), first.width)
