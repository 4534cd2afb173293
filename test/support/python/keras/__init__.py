"""What load_keras.py needs of Keras, computed by NumPy: functional models of these layers, as keras.io describes them."""

import numpy

from . import layers


def Input(shape):
    return layers.Symbol(lambda given: given, shape[-1])


class Model:
    def __init__(self, given, result):
        self.result = result

    def predict(self, x):
        return self.result.value(numpy.asarray(x, dtype=numpy.float64))
