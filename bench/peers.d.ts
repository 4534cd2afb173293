// The parts in use of each peer's interface. The packages are installed only by `npm run bench`, so their own types
// may be missing when the types are checked.

declare module "@tensorflow/tfjs" {
  export interface Tensor {
    readonly shape: readonly number[];
    data(): Promise<ArrayLike<number>>;
    dispose(): void;
  }
  export interface Variable extends Tensor {
    readonly name: string;
    assign(value: Tensor): void;
  }
  type Operand = Tensor | number;

  export function setBackend(name: string): Promise<boolean>;
  export function getBackend(): string;
  export function ready(): Promise<void>;
  export function tidy<T>(work: () => T): T;
  export function tensor(values: Float32Array, shape?: readonly number[]): Tensor;
  export function variable(initial: Tensor): Variable;
  export function zerosLike(like: Tensor): Tensor;
  export function matMul(a: Tensor, b: Tensor): Tensor;
  export function conv2d(x: Tensor, filter: Tensor, strides: number, pad: number): Tensor;
  export function conv2dTranspose(
    x: Tensor,
    filter: Tensor,
    outputShape: readonly [number, number, number, number],
    strides: number,
    pad: number,
  ): Tensor;
  export function relu(x: Tensor): Tensor;
  export function mean(x: Tensor): Tensor;
  export function square(x: Tensor): Tensor;
  export function sqrt(x: Tensor): Tensor;
  export function add(a: Operand, b: Operand): Tensor;
  export function sub(a: Operand, b: Operand): Tensor;
  export function mul(a: Operand, b: Operand): Tensor;
  export function div(a: Operand, b: Operand): Tensor;
  export function variableGrads(loss: () => Tensor): {
    readonly value: Tensor;
    readonly grads: Readonly<Record<string, Tensor>>;
  };
  export const train: {
    adam(
      lr: number,
      beta1: number,
      beta2: number,
      epsilon: number,
    ): { applyGradients(grads: Readonly<Record<string, Tensor>>): void };
  };
  export const Reduction: { readonly MEAN: number };
  export const losses: {
    sigmoidCrossEntropy(
      labels: Tensor,
      logits: Tensor,
      weights: Tensor | undefined,
      labelSmoothing: number,
      reduction: number,
    ): Tensor;
  };
}

declare module "@tensorflow/tfjs-backend-webgpu" {}

declare module "@tensorflow/tfjs-backend-wasm" {
  export function setWasmPaths(folder: string): void;
}

declare module "@jax-js/jax" {
  type Tree = numpy.Array | readonly Tree[] | { readonly [key: string]: Tree };
  type Device = "webgpu" | "wasm";

  export function init(device: Device): Promise<Device[]>;
  export function defaultDevice(device: Device): Device;
  export function blockUntilReady<T extends Tree>(values: T): Promise<T>;
  export function jit<A extends readonly Tree[], R extends Tree>(work: (...args: A) => R): (...args: A) => R;
  export function valueAndGrad<P extends Tree, A extends readonly Tree[]>(
    loss: (parameters: P, ...rest: A) => numpy.Array,
  ): (parameters: P, ...rest: A) => [value: numpy.Array, gradients: P];

  export namespace tree {
    function ref<T extends Tree>(values: T): T;
  }
  export namespace lax {
    type Padding = readonly (readonly [before: number, behind: number])[];
    function convGeneralDilated(
      x: numpy.Array,
      kernel: numpy.Array,
      strides: readonly number[],
      padding: Padding,
    ): numpy.Array;
    function convTranspose(
      x: numpy.Array,
      kernel: numpy.Array,
      strides: readonly number[],
      padding: Padding,
      options: { readonly transposeKernel: boolean },
    ): numpy.Array;
  }
  export namespace nn {
    function relu(x: numpy.Array): numpy.Array;
    function softplus(x: numpy.Array): numpy.Array;
  }
  export namespace numpy {
    interface Array {
      readonly ref: this;
      readonly shape: number[];
      add(other: Array | number): Array;
      sub(other: Array | number): Array;
      mul(other: Array | number): Array;
      div(other: Array | number): Array;
      mean(): Array;
      data(): Promise<ArrayLike<number>>;
      dispose(): void;
    }
    function array(values: Float32Array, options?: { readonly shape: number[] }): Array;
    function zeros(shape: readonly number[]): Array;
    function matmul(a: Array, b: Array): Array;
    function sqrt(x: Array): Array;
    function square(x: Array): Array;
  }
}

declare module "convnetjs" {
  namespace convnetjs {
    class Vol {
      constructor(width: number, height: number, depth: number, value: number);
      readonly w: Float64Array;
      readonly dw: Float64Array;
    }
    interface Layer {
      readonly layer_type: string;
      readonly filters?: readonly Vol[];
      readonly biases?: Vol;
    }
    class Net {
      readonly layers: Layer[];
      makeLayers(definitions: readonly Readonly<Record<string, string | number>>[]): void;
    }
    class Trainer {
      constructor(net: Net, options: Readonly<Record<string, string | number>>);
      train(x: Vol, y: Float64Array): { readonly cost_loss: number };
    }
  }
  export default convnetjs;
}
