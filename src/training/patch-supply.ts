import { checkPatchFits, type PictureSet } from "../data/picture-set.ts";
import { bytesOf, type SampleBits } from "../data/samples.ts";
import type { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer, Dispatch } from "../device/device.ts";
import type { Constants } from "../device/kernel.ts";
import { corruptPatches, patchDrawUniform, placePatches } from "../kernels/patches.ts";
import { type PatchDraw, type PatchTable, patchTable } from "../math/patch-table.ts";
import { InputError } from "../spec/input-error.ts";
import type { ImageSupply, Visit } from "./image-supply.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** Pictures, and their measured noisy twins if there are any. */
export interface PicturePair {
  readonly clean: PictureSet;
  readonly noisy?: PictureSet | undefined;
}

/** Patches cut from pictures on the device; their positions are drawn for each sweep, by its epoch. */
export class PatchSupply implements ImageSupply {
  readonly count: number;
  readonly pixels: number;
  /** All patches are available at once. */
  readonly stepsPerWindow = Number.MAX_SAFE_INTEGER;
  readonly #device: Device;
  readonly #corruption: Constants;
  readonly #draw: Omit<PatchDraw, "epoch">;
  readonly #table: PatchTable;
  readonly #pair: PicturePair;
  readonly #clean: DeviceBuffer;
  readonly #noisy: DeviceBuffer;
  readonly #pictures: DeviceBuffer;
  readonly #places: DeviceBuffer;
  readonly #uniform: DeviceBuffer;
  #place: Dispatch | undefined;

  /** Allocates from `buffers`; throws an InputError when a picture is too small, or all are too large for the adapter. */
  constructor(
    device: Device,
    buffers: Buffers,
    label: string,
    pair: PicturePair,
    draw: Omit<PatchDraw, "epoch">,
    { bits, corruption }: { readonly bits: SampleBits; readonly corruption: Constants },
  ) {
    checkPatchFits(pair.clean, draw.side);
    this.#device = device;
    this.#corruption = corruption;
    this.#draw = draw;
    this.#pair = pair;
    this.count = draw.count;
    this.pixels = draw.side ** 2 * draw.channels;
    this.#table = patchTable(pair.clean.pictures, draw.side, draw.channels);
    const bytes = 4 * Math.ceil((this.#table.values * bits) / 32);
    if (bytes > device.largestBuffer) {
      throw new InputError(
        `The pictures of ${pair.clean.name} take ${megabytes(bytes)}, but the adapter ${device.adapter.name} allows ${megabytes(device.largestBuffer)}: give fewer pictures or smaller ones.`,
      );
    }
    this.#clean = buffers.storage(`${label}.clean`, bytes);
    this.#noisy = pair.noisy ? buffers.storage(`${label}.noisy`, bytes) : this.#clean;
    this.#pictures = buffers.storageOf(`${label}.pictures`, this.#table.pictures);
    this.#places = buffers.storage(`${label}.places`, 16 * draw.count);
    this.#uniform = buffers.uniformOf(`${label}.draw`, patchDrawUniform(this.#table, { ...draw, epoch: 0 }));
  }

  get bytes(): number {
    return this.#clean.size + (this.#noisy === this.#clean ? 0 : this.#noisy.size);
  }

  async gathers(
    { uniform: sweep, order, cursor }: SweepBuffers,
    { network: { layout }, activations, cleanBatch, noise }: StepBuffers,
  ): Promise<Dispatch[]> {
    const pipeline = await this.#device.pipeline(corruptPatches, this.#corruption);
    const [places, pictures, noisy, clean] = [this.#places, this.#pictures, this.#noisy, this.#clean];
    const resources = {
      sweep,
      noise,
      order,
      places,
      pictures,
      noisy,
      clean,
      cursor,
      activations,
      cleanBatch,
    };
    return [pipeline.bind(resources, [layout.imageWords, 4 * layout.rowQuads])];
  }

  /** Uploads the pictures and draws the places of epoch 0. */
  async upload(): Promise<void> {
    this.#write(this.#clean, this.#pair.clean);
    if (this.#pair.noisy) this.#write(this.#noisy, this.#pair.noisy);
    const pipeline = await this.#device.pipeline(placePatches);
    const resources = { draw: this.#uniform, pictures: this.#pictures, places: this.#places };
    this.#place = pipeline.bind(resources, this.count);
    this.#drawPlaces(0);
  }

  rewind({ epoch }: Pick<Visit, "epoch">): void {
    this.#drawPlaces(epoch);
  }

  async ready(): Promise<void> {}

  prefetch(): void {}

  #drawPlaces(epoch: number): void {
    const uniform = patchDrawUniform(this.#table, { ...this.#draw, epoch });
    this.#device.write(this.#uniform, 0, uniform);
    if (this.#place) this.#device.submit([this.#place]);
  }

  /** Writes all pictures contiguously, padded to whole words. */
  #write(buffer: DeviceBuffer, { pictures }: PictureSet): void {
    const bytes = new Uint8Array(buffer.size);
    let place = 0;
    for (const { pixels } of pictures) {
      bytes.set(bytesOf(pixels), place);
      place += pixels.byteLength;
    }
    this.#device.write(buffer, 0, bytes);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
