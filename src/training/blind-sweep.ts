import type { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer, Dispatch } from "../device/device.ts";
import { blindSpots, blindSpotsUniform, exchangeBatch } from "../kernels/blind-spots.ts";
import type { SpotMask } from "../spec/blind-spots.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** The blind spots of a sweep in self-supervised training. The gathered batch becomes its own target. */
export class BlindSweep {
  readonly #device: Device;
  readonly #uniform: DeviceBuffer;
  readonly #uniformOf: (epoch: number) => Uint32Array<ArrayBuffer>;

  /** Allocates from `buffers`. */
  constructor(
    device: Device,
    buffers: Buffers,
    label: string,
    { image, channels }: Pick<NetworkSpec, "image" | "channels">,
    mask: SpotMask,
  ) {
    this.#device = device;
    this.#uniformOf = (epoch) => blindSpotsUniform(image, channels, mask, epoch);
    this.#uniform = buffers.uniformOf(`${label}.spots`, this.#uniformOf(0));
  }

  /** Draws the spots of this epoch, also if the noise is the same in all epochs. */
  rewind(epoch: number): void {
    this.#device.write(this.#uniform, 0, this.#uniformOf(epoch));
  }

  /** Hides the spots of the batch in the network's input, and makes the unchanged batch the target. */
  async dispatches(
    { uniform: sweep, order, cursor }: SweepBuffers,
    { network: { layout }, activations, target, counted }: StepBuffers,
  ): Promise<Dispatch[]> {
    const [hide, exchange] = await Promise.all([
      this.#device.pipeline(blindSpots),
      this.#device.pipeline(exchangeBatch),
    ]);
    const invocations = [layout.imageWords, 4 * layout.rowQuads] as const;
    const spots = this.#uniform;
    return [
      hide.bind({ sweep, spots, order, cursor, activations, blinded: target, counted }, invocations),
      exchange.bind({ sweep, activations, targets: target }, invocations),
    ];
  }
}
