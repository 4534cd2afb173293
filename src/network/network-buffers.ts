import type { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer } from "../device/device.ts";
import { readBack } from "../device/read-back.ts";
import { layerUniform } from "../kernels/dense.ts";
import { layOut, type NetworkLayout, packParameters, unpackParameters } from "../math/layout.ts";
import type { LayerKind, LayerSpec } from "../spec/layers.ts";
import type { LayerWeights, Model, NetworkSpec } from "../spec/network.ts";

/** A layer: its spec, and its `struct Layer` on the device. */
export interface DeviceLayer<K extends LayerKind = LayerKind> {
  readonly spec: LayerSpec<K>;
  readonly uniform: DeviceBuffer;
}

/** A network on the device: its layers and parameters. Batches are in buffers of `activationBytes`. */
export class NetworkBuffers {
  readonly layout: NetworkLayout;
  readonly layers: readonly DeviceLayer[];
  readonly parameters: DeviceBuffer;
  readonly #device: Device;

  /** Allocates from `buffers`; throws an InputError when the adapter's limits are too low for the network. */
  constructor(device: Device, buffers: Buffers, network: NetworkSpec, batch: number) {
    this.#device = device;
    this.layout = layOut(network, batch);
    this.parameters = buffers.storage("parameters", 16 * this.layout.parameterQuads);
    this.layers = this.layout.layers.map((layer, index) => ({
      spec: layer.spec,
      uniform: buffers.uniformOf(`layers.${index}`, layerUniform(layer)),
    }));
  }

  /** Bytes of a buffer that holds the activations of a batch. */
  get activationBytes(): number {
    return 16 * this.layout.activationQuads;
  }

  /** Sets all weights and biases. */
  write(layers: readonly LayerWeights[]): void {
    this.#device.write(this.parameters, 0, packParameters(this.layout, layers));
  }

  /** Reads all weights and biases back. */
  async read(): Promise<Model> {
    const [bytes] = await readBack(this.#device, [
      { buffer: this.parameters, bytes: 16 * this.layout.parameterQuads },
    ]);
    return unpackParameters(this.layout, new Float32Array(bytes));
  }
}
