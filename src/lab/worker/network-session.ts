import { transfer } from "comlink";
import type { Picture } from "../../data/picture.ts";
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
import type { PriorEnd, PriorListener, PriorRequest, PriorService } from "../prior/protocol.ts";
import type { Pixels } from "../shared/picture-files.ts";
import { ImageWork } from "./denoise-images.ts";
import type { PictureWork } from "./denoise-pictures.ts";
import { InsideWork } from "./inside.ts";
import { Opened } from "./opened.ts";
import type { PriorWork } from "./paint-prior.ts";

/** Loaded when first needed: not every page denoises pictures. */
function pictureTools() {
  return import("./denoise-pictures.ts");
}

/** Loaded when first needed: it is a demonstration. */
function priorTools() {
  return import("./paint-prior.ts");
}

/** The part of the Worker's service that uses networks, beside the training: on pictures, on drawings, and their inside. */
export class NetworkSession
  extends Opened
  implements PictureService, ImageService, InsideService, PriorService
{
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
  #pictures: Promise<PictureWork> | undefined;
  #prior: Promise<PriorWork> | undefined;

  async readPicture(file: File, noise: number): Promise<Pixels> {
    const pixels = await (await pictureTools()).readPicture(file, noise);
    return transfer(pixels, [pixels.rgba.buffer]);
  }

  async readModel(source: ModelSource): Promise<NetworkSpec> {
    return (await this.modelOf(source)).network;
  }

  async preparePictures(): Promise<void> {
    await (await this.#pictureWork()).prepare();
  }

  async denoiseImages(request: ImageRequest): Promise<DenoisedImages> {
    const denoised = await this.#imageWork.denoise(request);
    return transfer(denoised, [denoised.images.buffer]);
  }

  async denoisePicture(
    request: PictureRequest,
    listener: PictureListener,
  ): Promise<DenoisedPicture | undefined> {
    const work = await this.#pictureWork();
    return work.denoise(request, (event) => {
      if (event.kind === "read") return listener(transfer(event, [event.before.rgba.buffer]));
      return listener(event.kind === "region" ? transfer(event, [event.rgba.buffer]) : event);
    });
  }

  async cancelPicture(): Promise<void> {
    (await this.#pictures)?.cancel();
  }

  async stopLearning(): Promise<void> {
    (await this.#pictures)?.stopLearning();
  }

  async readSquare(file: File): Promise<Picture> {
    const square = await (await priorTools()).readSquare(file);
    return transfer(square, [square.values.buffer]);
  }

  async paintPicture(request: PriorRequest, listener: PriorListener): Promise<PriorEnd> {
    return (await this.#priorWork()).paint(request, listener);
  }

  async stopPainting(): Promise<void> {
    (await this.#prior)?.stop();
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
    void this.#pictures?.then((work) => work.leave());
  }

  #priorWork(): Promise<PriorWork> {
    this.#prior ??= priorTools().then(
      ({ PriorWork }) =>
        new PriorWork({
          engine: () => this.engineWhenOpen(),
          withRun: (work) => this.inTurn(work),
        }),
    );
    // If it cannot be loaded, the next request tries again.
    this.#prior.catch(() => {
      this.#prior = undefined;
    });
    return this.#prior;
  }

  #pictureWork(): Promise<PictureWork> {
    this.#pictures ??= pictureTools().then(
      ({ PictureWork }) =>
        new PictureWork({
          engine: () => this.engineWhenOpen(),
          readModel: (source) => this.modelOf(source),
          withRun: (work) => this.inTurn(() => work(this.run?.trainer)),
        }),
    );
    // If it cannot be loaded, the next request tries again.
    this.#pictures.catch(() => {
      this.#pictures = undefined;
    });
    return this.#pictures;
  }
}
