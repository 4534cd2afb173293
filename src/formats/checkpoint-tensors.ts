import { shapeText } from "../data/shapes.ts";
import { InputError } from "../spec/input-error.ts";
import { parameterShapes } from "../spec/layers.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import { quote } from "../spec/quote.ts";
import { type EpochRecord, epochColumns } from "../training/history.ts";
import type { RunState } from "../training/run-state.ts";
import type { Tensor } from "./safetensors.ts";

/*
 * The tensors of a checkpoint:
 * layers.I.weight, layers.I.bias                                the parameters, as in a model file
 * squares.I.weight, squares.I.bias, others.I.weight, ...        the optimizer's running means for each
 * metrics.training, metrics.validation [images, 2]              (loss, mean squared error) in the current epoch
 * history [epochs, 4]                                           (loss, valLoss, valPsnr, seconds) of each epoch
 * stepLoss [steps]                                              if it is kept
 * The last two are float64, and so are all numbers of a run on the CPU that an earlier version saved. They are stored
 * in a float32 file as two words each: their shape has an additional last dimension of 2, and the words have no
 * meaning as float32.
 */

const [, ...historyColumns] = epochColumns;

/** The prefixes of the tensors of every layer. */
const layerParts = { weights: "layers", squares: "squares", others: "others" } as const;
type LayerPart = keyof typeof layerParts;

export function stateTensors(
  { weights, moments, metrics }: RunState,
  { layers }: NetworkSpec,
): Map<string, Tensor> {
  const shapes = layers.map(parameterShapes);
  const tensors = new Map<string, Tensor>();
  const parts: Record<LayerPart, readonly LayerWeights[]> = { weights, ...moments };
  for (const part of Object.keys(layerParts) as LayerPart[]) {
    parts[part].forEach(({ weight, bias }, index) => {
      const key = `${layerParts[part]}.${index}`;
      const shape = shapes[index] ?? { weight: [], bias: [] };
      tensors.set(`${key}.weight`, { shape: shape.weight, values: weight });
      tensors.set(`${key}.bias`, { shape: shape.bias, values: bias });
    });
  }
  for (const sweep of ["training", "validation"] as const) {
    tensors.set(`metrics.${sweep}`, { shape: [metrics[sweep].length / 2, 2], values: metrics[sweep] });
  }
  return tensors;
}

export function historyTensors(
  epochs: readonly EpochRecord[],
  stepLoss: readonly number[] | undefined,
): Map<string, Tensor> {
  const rows = epochs.flatMap((record) => historyColumns.map((column) => record[column]));
  const tensors = new Map([["history", doubleTensor([epochs.length, historyColumns.length], rows)]]);
  if (stepLoss) tensors.set("stepLoss", doubleTensor([stepLoss.length], stepLoss));
  return tensors;
}

function doubleTensor(shape: readonly number[], numbers: readonly number[]): Tensor {
  return { shape: [...shape, 2], values: new Float32Array(Float64Array.from(numbers).buffer) };
}

/** Reads the tensors of a checkpoint one by one; throws an InputError that names the file for an invalid one. */
export class TensorReader {
  readonly #tensors: Map<string, Tensor>;
  readonly #network: NetworkSpec;
  readonly #name: string;
  readonly #double: boolean;

  /** `double`: the run's numbers are float64, and are rounded. */
  constructor(
    tensors: Map<string, Tensor>,
    network: NetworkSpec,
    { name, double }: { readonly name: string; readonly double: boolean },
  ) {
    this.#tensors = tensors;
    this.#network = network;
    this.#name = name;
    this.#double = double;
  }

  state(): Pick<RunState, "weights" | "moments" | "metrics"> {
    return {
      weights: this.#layers("weights"),
      moments: { squares: this.#layers("squares"), others: this.#layers("others") },
      metrics: { training: this.#metrics("training"), validation: this.#metrics("validation") },
    };
  }

  /** The records of all finished epochs, and the losses of the steps if they are kept. */
  history(epochs: number): { epochs: EpochRecord[]; stepLoss: number[] | undefined } {
    const values = this.#takeDouble("history", [epochs, historyColumns.length]);
    const at = (row: number, column: number) => values[historyColumns.length * row + column] ?? Number.NaN;
    const records = Array.from({ length: epochs }, (_, row) => ({
      epoch: row + 1,
      loss: at(row, 0),
      valLoss: at(row, 1),
      valPsnr: at(row, 2),
      seconds: at(row, 3),
    }));
    const steps = this.#tensors.get("stepLoss")?.shape[0];
    const stepLoss = steps === undefined ? undefined : [...this.#takeDouble("stepLoss", [steps])];
    return { epochs: records, stepLoss };
  }

  /** Throws an InputError if a tensor is left over. */
  end(): void {
    for (const key of this.#tensors.keys()) {
      throw new InputError(`${this.#name} has the tensor ${quote(key)}, which a checkpoint does not use.`);
    }
  }

  #layers(part: LayerPart): LayerWeights[] {
    return this.#network.layers.map((layer, index) => {
      const { weight, bias } = parameterShapes(layer);
      return {
        weight: this.#takeNumbers(`${layerParts[part]}.${index}.weight`, weight),
        bias: this.#takeNumbers(`${layerParts[part]}.${index}.bias`, bias),
      };
    });
  }

  #metrics(sweep: keyof RunState["metrics"]): Float32Array<ArrayBuffer> {
    const key = `metrics.${sweep}`;
    return this.#takeNumbers(key, [this.#tensors.get(key)?.shape[0] ?? 0, 2]);
  }

  /** Numbers of the run's state. */
  #takeNumbers(key: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
    return this.#double ? Float32Array.from(this.#takeDouble(key, shape)) : this.#take(key, shape);
  }

  #takeDouble(key: string, shape: readonly number[]): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#take(key, [...shape, 2]).slice().buffer);
  }

  #take(key: string, needed: readonly number[]): Float32Array<ArrayBuffer> {
    const tensor = this.#tensors.get(key);
    if (!tensor) throw new InputError(`${this.#name} lacks the tensor ${key} that its run needs.`);
    this.#tensors.delete(key);
    if (shapeText(tensor.shape) !== shapeText(needed)) {
      throw new InputError(
        `The tensor ${key} of ${this.#name} has the shape ${quote(tensor.shape)}, but its run needs ${quote(needed)}.`,
      );
    }
    return tensor.values;
  }
}
