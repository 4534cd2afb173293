import numpy

activations = {
    "relu": lambda z: numpy.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + numpy.exp(-z)),
}


class Symbol:
    """What a layer gives, with its last dimension: computed when the model's input is known."""

    def __init__(self, value, width):
        self.value, self.width = value, width

    @property
    def shape(self):
        return (None, self.width)


class Weighted:
    """A layer with a kernel and a bias. Like Keras: only a built layer accepts weights, and only with matching shapes."""

    use_bias = True

    def set_weights(self, weights):
        self.kernel, *biases = weights
        assert self.kernel.shape == self.shape, self.kernel.shape
        assert len(biases) == (1 if self.use_bias else 0)
        self.bias = biases[0] if biases else numpy.zeros(self.units)
        assert self.bias.shape == (self.units,), self.bias.shape


class Dense(Weighted):
    """x kernel + bias, kernel [inputs, outputs]."""

    def __init__(self, units):
        self.units = units

    def __call__(self, x):
        self.shape = (x.width, self.units)
        return Symbol(lambda given: x.value(given) @ self.kernel + self.bias, self.units)


class Conv2D(Weighted):
    """Without padding: y[r, c] = the sum over j, k of x[stride r + j, stride c + k] kernel[j, k] + bias, kernel [3, 3, inputs, outputs]."""

    def __init__(self, units, size, strides=1, use_bias=True):
        self.units, self.size, self.strides, self.use_bias = units, size, strides, use_bias

    def __call__(self, x):
        self.shape = (self.size, self.size, x.width, self.units)
        return Symbol(lambda given: self.compute(x.value(given)), self.units)

    def compute(self, x):
        rows, columns = ((side - self.size) // self.strides + 1 for side in x.shape[1:3])
        y = numpy.zeros((len(x), rows, columns, self.units)) + self.bias
        for r in range(rows):
            for c in range(columns):
                top, left = self.strides * r, self.strides * c
                window = x[:, top : top + self.size, left : left + self.size]
                y[:, r, c] += numpy.tensordot(window, self.kernel, 3)
        return y


class Conv2DTranspose(Weighted):
    """Without padding: x[r, c] kernel[j, k] is added to y[stride r + j, stride c + k], kernel [3, 3, outputs, inputs]."""

    def __init__(self, units, size, strides=1, use_bias=True):
        self.units, self.size, self.strides, self.use_bias = units, size, strides, use_bias

    def __call__(self, x):
        self.shape = (self.size, self.size, self.units, x.width)
        return Symbol(lambda given: self.compute(x.value(given)), self.units)

    def compute(self, x):
        rows, columns = ((side - 1) * self.strides + self.size for side in x.shape[1:3])
        y = numpy.zeros((len(x), rows, columns, self.units)) + self.bias
        for r in range(x.shape[1]):
            for c in range(x.shape[2]):
                top, left = self.strides * r, self.strides * c
                y[:, top : top + self.size, left : left + self.size] += numpy.einsum("bi,jkoi->bjko", x[:, r, c], self.kernel)
        return y


class ZeroPadding2D:
    def __init__(self, padding):
        self.padding = padding

    def __call__(self, x):
        edge = (self.padding, self.padding)
        return Symbol(lambda given: numpy.pad(x.value(given), ((0, 0), edge, edge, (0, 0))), x.width)


class Cropping2D:
    def __init__(self, cropping):
        self.cropping = cropping

    def __call__(self, x):
        (top, bottom), (left, right) = self.cropping

        def cropped(given):
            value = x.value(given)
            return value[:, top : value.shape[1] - bottom, left : value.shape[2] - right]

        return Symbol(cropped, x.width)


class Activation:
    def __init__(self, name):
        self.function = activations[name]

    def __call__(self, x):
        return Symbol(lambda given: self.function(x.value(given)), x.width)


class ReLU(Activation):
    def __init__(self):
        super().__init__("relu")


class Subtract:
    def __call__(self, pair):
        first, second = pair
        assert first.width == second.width
        return Symbol(lambda given: first.value(given) - second.value(given), first.width)


class Add:
    def __call__(self, pair):
        first, second = pair
        assert first.width == second.width
        return Symbol(lambda given: first.value(given) + second.value(given), first.width)


class Concatenate:
    def __call__(self, pair):
        first, second = pair
        return Symbol(
            lambda given: numpy.concatenate([first.value(given), second.value(given)], -1), first.width + second.width
        )


class Reshape:
    def __init__(self, shape):
        self.target = shape

    def __call__(self, x):
        return Symbol(lambda given: x.value(given).reshape(-1, *self.target), self.target[-1])
