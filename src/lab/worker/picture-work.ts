import type { Model } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import type { DenoisedPicture, DenoiseRequest, ShareListener } from "../picture-service.ts";
import { RgbaPicture } from "./denoise-pictures.ts";
import type { Engine, EnginePictureDenoiser } from "./engine.ts";

/** Milliseconds from one word of the share that is done to the next. */
const shareInterval = 100;

/** What a picture is denoised with. */
export interface PictureTools {
  readonly engine: Engine;
  readonly model: Model;
  /** Where the run stands that the model is of, if it is of one. */
  readonly progress: Progress | undefined;
}

/** The denoising of pictures, one at a time. */
export class PictureWork {
  #cancellation = new AbortController();

  /** Denoises a picture when the tools are there; undefined if it is cancelled. */
  async denoise(
    { pixels, noise }: DenoiseRequest,
    tools: Promise<PictureTools>,
    onShare: ShareListener,
  ): Promise<DenoisedPicture | undefined> {
    this.cancel();
    this.#cancellation = new AbortController();
    const { signal } = this.#cancellation;
    let denoiser: EnginePictureDenoiser | undefined;
    try {
      const { engine, model, progress } = await tools;
      signal.throwIfAborted();
      const started = performance.now();
      let told = started;
      denoiser = await engine.createPictureDenoiser(model);
      const picture = new RgbaPicture(pixels, noise);
      await denoiser.denoise(picture, (first, values) => picture.write(first, values), {
        signal,
        onProgress: (done, total) => {
          if (performance.now() - told < shareInterval) return;
          told = performance.now();
          void onShare(done / total);
        },
      });
      const seconds = (performance.now() - started) / 1000;
      return { before: picture.before, after: picture.after, seconds, network: model.network, progress };
    } catch (error) {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    } finally {
      denoiser?.destroy();
    }
  }

  cancel(): void {
    this.#cancellation.abort();
  }
}
