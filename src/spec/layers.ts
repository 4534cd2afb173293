import { InputError } from "./input-error.ts";
import { kinds } from "./layer-kinds.ts";
import type {
  BlockSize,
  Fans,
  HiddenLayer,
  LayerKind,
  LayerSpec,
  OutputName,
  ParameterShapes,
} from "./layer-specs.ts";

/** The kinds of layers. */
export const layerKinds = Object.keys(kinds) as LayerKind[];

/** Hidden dense layers with these numbers of nodes. */
export function denseLayers(...widths: readonly number[]): HiddenLayer[] {
  return widths.map((width) => ({ kind: "dense", width }));
}

/** Throws an InputError for a hidden layer whose size is out of range. */
export function checkHidden<K extends LayerKind>(hidden: HiddenLayer<K>): void {
  kinds[hidden.kind].check(hidden);
}

/** Throws an InputError for hidden layers that cannot be in one network, or too many of them. */
export function checkTogether(
  hidden: readonly HiddenLayer[],
): asserts hidden is readonly [HiddenLayer, ...HiddenLayer[]] {
  const [first] = hidden;
  const most = kinds[first?.kind ?? "dense"].depth - 1;
  if (first === undefined || hidden.length > most) {
    throw new InputError(`A network needs 1 to ${most} hidden layers, but ${hidden.length} are given.`);
  }
  const other = hidden.find(({ kind }) => kinds[kind].mixes !== kinds[first.kind].mixes);
  if (!other) return;
  throw new InputError(
    `A network has either dense layers or convolutions, but ${formatLayer(first)} and ${formatLayer(other)} are given together.`,
  );
}

/** The number of the earlier layer whose output a layer adds, counted from 1; undefined if it adds none. */
export function skipOf(layer: LayerSpec | HiddenLayer): number | undefined {
  return "from" in layer ? layer.from : undefined;
}

/** Throws an InputError for layers that add an output that they cannot add. */
export function checkSkips(layers: readonly LayerSpec[]): void {
  const adders = new Map<number, number>();
  layers.forEach((layer, index) => {
    const from = skipOf(layer);
    if (from === undefined) return;
    const source = layers[from - 1];
    if (index === 0) {
      throw new InputError(`Layer 1 adds the output of layer ${from}, but no layer comes before it.`);
    }
    if (source === undefined || from > index) {
      throw new InputError(
        `Layer ${index + 1} adds the output of layer ${from}: only that of an earlier layer, 1 to ${index}, can be added.`,
      );
    }
    const [added, own] = [outputSize(source), outputSize(layer)];
    if (added.rows !== own.rows || added.columns !== own.columns || added.channels !== own.channels) {
      throw new InputError(
        `Layer ${index + 1} has ${sizeText(own)} and adds layer ${from}, which has ${sizeText(added)}: both must have the same rows, columns and channels.`,
      );
    }
    const other = adders.get(from);
    if (other !== undefined) {
      throw new InputError(
        `Layers ${other} and ${index + 1} both add the output of layer ${from}: an output can be added once.`,
      );
    }
    adders.set(from, index + 1);
  });
}

function sizeText({ rows, columns, channels }: BlockSize): string {
  return `${rows} x ${columns} pixels of ${channels} channels`;
}

/** Whether a network's layers are convolutions, which use a pixel's neighbours and take pictures of any size. */
export function areConvolutions(layers: readonly { readonly kind: LayerKind }[]): boolean {
  return layers.every(({ kind }) => kinds[kind].mixes === "convolutions");
}

/** A hidden layer for an input of that size. */
export function placedLayer<K extends LayerKind>(hidden: HiddenLayer<K>, input: BlockSize): LayerSpec<K> {
  return kinds[hidden.kind].placed(hidden, input);
}

/** A network's last layer, determined by the layer before it. */
export function lastLayer<K extends LayerKind>(
  before: LayerSpec<K>,
  image: BlockSize,
  output: OutputName,
): LayerSpec {
  return kinds[before.kind].last(outputSize(before), image, output);
}

/** A hidden layer of a network as described by settings. */
export function hiddenLayer<K extends LayerKind>(layer: LayerSpec<K>): HiddenLayer<K> {
  return kinds[layer.kind].hidden(layer);
}

/** The size of a layer's input. */
export function inputSize<K extends LayerKind>(layer: LayerSpec<K>): BlockSize {
  return kinds[layer.kind].inputSize(layer);
}

/** The size of a layer's output. */
export function outputSize<K extends LayerKind>(layer: LayerSpec<K>): BlockSize {
  return kinds[layer.kind].outputSize(layer);
}

/** The shapes of a layer's parameters. */
export function parameterShapes<K extends LayerKind>(layer: LayerSpec<K>): ParameterShapes {
  return kinds[layer.kind].parameters(layer);
}

/** The fans of a layer, which bound its initial weights. */
export function fansOf<K extends LayerKind>(layer: LayerSpec<K>): Fans {
  return kinds[layer.kind].fans(layer);
}

/** Multiply-adds of one image's forward pass through a layer. */
export function layerMultiplyAdds<K extends LayerKind>(layer: LayerSpec<K>): number {
  return kinds[layer.kind].multiplyAdds(layer);
}

/** The text of a hidden layer, as accepted by parseLayers. */
export function formatLayer<K extends LayerKind>(layer: HiddenLayer<K>): string {
  return kinds[layer.kind].format(layer);
}

/** Parses a hidden layer of a kind from the text after "kind:"; undefined if it is not valid. Sizes are not checked. */
export function parseLayer(kind: LayerKind, text: string): HiddenLayer | undefined {
  return kinds[kind].parse(text);
}
