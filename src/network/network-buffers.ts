import type { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer } from "../device/device.ts";
import { readBack } from "../device/read-back.ts";
import { convUniform, pixelBlocksUniform } from "../kernels/conv-sizes.ts";
import { layerUniform } from "../kernels/dense.ts";
import type { Family } from "../kernels/family.ts";
import {
  type LayerLayout,
  layOut,
  type NetworkLayout,
  packParameters,
  unpackParameters,
} from "../math/layout.ts";
import { InputError } from "../spec/input-error.ts";
import type { LayerKind, LayerSpec } from "../spec/layer-specs.ts";
import { isConvolutional, type LayerWeights, type Model, type NetworkSpec } from "../spec/network.ts";

/** A layer: its spec, and its `struct Layer` or `struct ConvLayer` on the device. */
export interface DeviceLayer<K extends LayerKind = LayerKind> {
  readonly spec: LayerSpec<K>;
  readonly uniform: DeviceBuffer;
}

const uniforms: {
  readonly [K in LayerKind]: (
    spec: LayerSpec<K>,
    layer: LayerLayout,
    layout: NetworkLayout,
  ) => Uint32Array<ArrayBuffer>;
} = { dense: (_, layer) => layerUniform(layer), conv: convUniform, up: convUniform };

function uniformOf<K extends LayerKind>(spec: LayerSpec<K>, layer: LayerLayout, layout: NetworkLayout) {
  return uniforms[spec.kind](spec, layer, layout);
}

/** A network on the device: its layers and parameters. Batches are in buffers of `activationBytes`. */
export class NetworkBuffers {
  readonly layout: NetworkLayout;
  readonly layers: readonly DeviceLayer[];
  readonly parameters: DeviceBuffer;
  /** For convolutions, `struct PixelBlocks` of the network's input and of its logits. */
  readonly blocks: { readonly input: DeviceBuffer; readonly logits: DeviceBuffer } | undefined;
  readonly #device: Device;

  /** Allocates from `buffers`; throws an InputError when the adapter's limits are too low for the network. */
  constructor(device: Device, buffers: Buffers, network: NetworkSpec, batch: number) {
    this.#device = device;
    this.layout = layOut(network, batch);
    checkPlanes(device, this.layout);
    this.parameters = buffers.storage("parameters", 16 * this.layout.parameterQuads);
    this.layers = this.layout.layers.map((layer, index) => ({
      spec: layer.spec,
      uniform: buffers.uniformOf(`layers.${index}`, uniformOf(layer.spec, layer, this.layout)),
    }));
    this.blocks = isConvolutional(network)
      ? {
          input: buffers.uniformOf("blocks.input", pixelBlocksUniform(this.layout, "input")),
          logits: buffers.uniformOf("blocks.logits", pixelBlocksUniform(this.layout, "logits")),
        }
      : undefined;
  }

  /** Bytes of a buffer that holds the activations of a batch. */
  get activationBytes(): number {
    return 16 * this.layout.activationQuads;
  }

  /** Sets all weights and biases. */
  write(layers: readonly LayerWeights[]): void {
    this.#device.write(this.parameters, 0, packParameters(this.layout, layers));
  }

  /** Sets the strengths of the noise of a batch's images in its activations, if the network has a noise map. */
  setStrengths(activations: DeviceBuffer, strengths: readonly number[]): void {
    const { strengthOffset } = this.layout;
    if (strengthOffset === 0 || strengths.length === 0) return;
    const quads = Float32Array.from(strengths.flatMap((strength) => [strength, 0, 0, 0]));
    this.#device.write(activations, 16 * strengthOffset, quads);
  }

  /** Reads all weights and biases back. */
  async read(): Promise<Model> {
    const [bytes] = await readBack(this.#device, [
      { buffer: this.parameters, bytes: 16 * this.layout.parameterQuads },
    ]);
    return unpackParameters(this.layout, new Float32Array(bytes));
  }
}

/** The buffers and settings that the dispatches of a forward pass are bound to. */
export interface ForwardParts {
  readonly device: Device;
  readonly family: Family;
  readonly network: NetworkBuffers;
  readonly activations: DeviceBuffer;
  /** The value subtracted from the pictures to get the batch's values. */
  readonly centre: number;
}

/** Throws an InputError for convolutions whose outputs, which are counted before anything is allocated, do not fit into a buffer. */
function checkPlanes(
  { largestBuffer, adapter }: Device,
  { network, batch, activationQuads }: NetworkLayout,
): void {
  const bytes = 16 * activationQuads;
  if (!isConvolutional(network) || bytes <= largestBuffer) return;
  const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`;
  throw new InputError(
    `The outputs of the layers for ${batch} ${batch === 1 ? "image" : "images"} of ${network.image.join(" x ")} pixels need ${megabytes(bytes)}, but the adapter ${adapter.name} allows ${megabytes(largestBuffer)} per buffer: lower the batch, the patch or the channels.`,
  );
}
