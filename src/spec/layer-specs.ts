/**
 * The output function of the last layer's logits z and the network's input x.
 *
 * sigmoid   1 / (1 + exp(-z)): always in (0, 1)
 * linear    z
 * residual  x - z: the network predicts the noise, which is easier for weak noise (Zhang et al. 2017,
 *           "Beyond a Gaussian denoiser", arXiv:1608.03981)
 */
export const outputNames = ["sigmoid", "linear", "residual"] as const;
/** The output function of the last layer. */
export type OutputName = (typeof outputNames)[number];

/** The activation of a layer: ReLU for hidden layers, an output for the last one. */
export type ActivationName = "relu" | OutputName;
/** Every activation. */
export const activationNames: readonly ActivationName[] = ["relu", ...outputNames];

/** The size of the data between layers. The output of a dense layer is 1 x 1 pixel with many channels. */
export interface BlockSize {
  /** Pixels from top to bottom. */
  readonly rows: number;
  /** Pixels from left to right. */
  readonly columns: number;
  /** Values of a pixel. */
  readonly channels: number;
}

/** y[outputs] = activation(weight[outputs, inputs] x[inputs] + bias[outputs]) */
export interface DenseSpec {
  /** The number of input values. */
  readonly inputs: number;
  /** Nodes: the number of output values. */
  readonly outputs: number;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/**
 * A convolution of 3 x 3 pixels with a border of zeros (PyTorch's Conv2d(inputs, channels, 3, stride, 1)):
 * y[o, r, c] = activation(sum over i, j, k of weight[o, i, j, k] x[i, stride r + j - 1, stride c + k - 1] + bias[o])
 */
export interface ConvSpec {
  /** The size of the input. */
  readonly input: BlockSize;
  /** Output channels. */
  readonly channels: number;
  /** With 2, the output has half the rows and columns, rounded up. */
  readonly stride: 1 | 2;
  /** The number of the earlier layer whose output is added before the activation, counted from 1. */
  readonly from?: number | undefined;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/**
 * A transposed convolution that doubles the rows and columns (PyTorch's ConvTranspose2d(inputs, channels, 3, 2, 1, 1)): each
 * input pixel x[i, r, c] adds weight[i, o, j, k] x[i, r, c] to y[o, 2 r + j - 1, 2 c + k - 1].
 */
export interface UpSpec {
  /** The size of the input. */
  readonly input: BlockSize;
  /** Output channels. */
  readonly channels: number;
  /** The number of the earlier layer whose output is added before the activation, counted from 1. */
  readonly from?: number | undefined;
  /** The layer's activation. */
  readonly activation: ActivationName;
}

/** Every kind of layer, and the spec of a layer of that kind in a network. */
export interface LayerSpecs {
  /** See DenseSpec. */
  readonly dense: DenseSpec;
  /** See ConvSpec. */
  readonly conv: ConvSpec;
  /** See UpSpec. */
  readonly up: UpSpec;
}

/** The name of a kind of layer. */
export type LayerKind = keyof LayerSpecs;

/** A layer in a network, with the sizes of its input and output; of kind K, or of any. */
export type LayerSpec<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & LayerSpecs[P];
}[K];

/** Every kind of hidden layer, and its settings, independent of its position in a network. */
export interface HiddenLayers {
  /** A dense layer of `width` nodes. */
  readonly dense: {
    /** Nodes, 1 to 65,536. */
    readonly width: number;
  };
  /** A convolution of 3 x 3 pixels. */
  readonly conv: {
    /** Output channels, 1 to 1,024. */
    readonly channels: number;
    /** With 2, the output has half the rows and columns. */
    readonly stride: 1 | 2;
    /** The number of an earlier layer whose output is added before the ReLU, counted from 1. */
    readonly from?: number | undefined;
  };
  /** A transposed convolution that doubles the rows and columns. */
  readonly up: {
    /** Output channels, 1 to 1,024. */
    readonly channels: number;
    /** The number of an earlier layer whose output is added before the ReLU, counted from 1. */
    readonly from?: number | undefined;
  };
}

/** A hidden layer as described by settings; of kind K, or of any. */
export type HiddenLayer<K extends LayerKind = LayerKind> = {
  [P in K]: { readonly kind: P } & HiddenLayers[P];
}[K];

/**
 * The shapes of a layer's parameters, in PyTorch's order: the weight is [outputs, inputs] for a dense layer,
 * [outputs, inputs, 3, 3] for a convolution, [inputs, outputs, 3, 3] for a transposed one; the bias is [outputs].
 */
export interface ParameterShapes {
  readonly weight: readonly number[];
  readonly bias: readonly number[];
}

/**
 * The fans of a layer, as its framework defines them. For a dense layer: input values per output value, and output values per input
 * value. For convolutions: the second and the first side of the weight, times 9 (PyTorch's fan_in and fan_out).
 */
export interface Fans {
  readonly in: number;
  readonly out: number;
  /** Input values per output value, on average. */
  readonly perOutput: number;
}

/** The values of one block. */
export function valuesOf({ rows, columns, channels }: BlockSize): number {
  return rows * columns * channels;
}
