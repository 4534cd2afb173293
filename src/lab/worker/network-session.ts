import { transfer } from "comlink";
import type { NetworkSpec } from "../../spec/network.ts";
import type {
  DenoisedImages,
  DenoisedPicture,
  ImageRequest,
  ImageService,
  ModelSource,
  PictureListener,
  PictureRequest,
  PictureService,
} from "../denoise/protocol.ts";
import type {
  Channels,
  ChannelWish,
  Codes,
  Filters,
  FilterWish,
  InsideService,
  Kernels,
  KernelWish,
} from "../inside/protocol.ts";
import type { Pixels } from "../shared/pixels.ts";
import { ImageWork } from "./denoise-images.ts";
import { PictureWork } from "./denoise-pictures.ts";
import { InsideWork } from "./inside.ts";
import { Opened } from "./opened.ts";
import { readPicture } from "./rgba-picture.ts";

/** The part of the Worker's service that uses networks, beside the training: on pictures, on drawings, and their inside. */
export class NetworkSession extends Opened implements PictureService, ImageService, InsideService {
  readonly #inside = new InsideWork((work) =>
    this.inTurn(({ engine }) =>
      work({ engine, trainer: this.run?.trainer, images: this.run?.images.summary }),
    ),
  );
  readonly #imageWork = new ImageWork({
    engine: () => this.tools.engine,
    readModel: (source) => this.modelOf(source),
    withRun: (work) => this.inTurn(() => work(this.run?.trainer)),
  });
  readonly #pictures = new PictureWork({
    engine: () => this.engineWhenOpen(),
    readModel: (source) => this.modelOf(source),
    withRun: (work) => this.inTurn(() => work(this.run?.trainer)),
  });

  async readPicture(file: File, noise: number): Promise<Pixels> {
    const pixels = await readPicture(file, noise);
    return transfer(pixels, [pixels.rgba.buffer]);
  }

  async readModel(source: ModelSource): Promise<NetworkSpec> {
    return (await this.modelOf(source)).network;
  }

  preparePictures(): Promise<void> {
    return this.#pictures.prepare();
  }

  async denoiseImages(request: ImageRequest): Promise<DenoisedImages> {
    const denoised = await this.#imageWork.denoise(request);
    return transfer(denoised, [denoised.images.buffer]);
  }

  denoisePicture(request: PictureRequest, listener: PictureListener): Promise<DenoisedPicture | undefined> {
    return this.#pictures.denoise(request, (event) => {
      if (event.kind === "read") return listener(transfer(event, [event.before.rgba.buffer]));
      return listener(event.kind === "region" ? transfer(event, [event.rgba.buffer]) : event);
    });
  }

  cancelPicture(): void {
    this.#pictures.cancel();
  }

  async readFilters(wish: FilterWish): Promise<Filters> {
    const filters = await this.#inside.readFilters(wish);
    return transfer(filters, [filters.weights.buffer]);
  }

  async readCodes(): Promise<Codes> {
    const codes = await this.#inside.readCodes();
    return transfer(codes, [codes.clean.buffer, codes.codes.buffer]);
  }

  async decodeCodes(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const pictures = await this.#inside.decode(codes);
    return transfer(pictures, [pictures.buffer]);
  }

  async readChannels(wish: ChannelWish): Promise<Channels> {
    const channels = await this.#inside.readChannels(wish);
    return transfer(
      channels,
      channels.layers.map(({ values }) => values.buffer),
    );
  }

  async readKernels(wish: KernelWish): Promise<Kernels> {
    return this.#inside.readKernels(wish);
  }

  leaveInside(): void {
    this.#inside.leave();
  }

  /** Frees what is kept on the engine, because another one computes from now on. */
  protected leaveEngine(): void {
    this.#imageWork.leave();
    this.#pictures.leave();
  }
}
