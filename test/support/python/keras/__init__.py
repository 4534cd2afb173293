"""What load_keras.py needs of Keras, computed by NumPy: functional models of these layers, as keras.io describes them."""

import numpy

from . import layers


def Input(shape):
    symbol = layers.Symbol(None, shape[-1])
    symbol.value = lambda given: given[symbol]
    return symbol


class Model:
    def __init__(self, given, result):
        self.given, self.result = given, result

    def predict(self, x):
        symbols, values = (self.given, x) if isinstance(self.given, list) else ([self.given], [x])
        return self.result.value({s: numpy.asarray(v, dtype=numpy.float64) for s, v in zip(symbols, values)})
