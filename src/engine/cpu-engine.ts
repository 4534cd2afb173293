import { CpuDenoiser } from "../network/cpu-denoiser.ts";
import { CpuPictureDenoiser } from "../network/cpu-picture-denoiser.ts";
import type { Model } from "../spec/network.ts";
import type { Engine } from "./engine.ts";

/** The CPU, where there is no GPU or none is wanted: the same numbers to rounding, with no launches to measure. */
export class CpuEngine implements Engine {
  readonly backend = "cpu";
  readonly adapter = { name: "the CPU", software: false };
  readonly profiles = false;

  createDenoiser(model: Model) {
    return CpuDenoiser.create(model);
  }

  createPictureDenoiser(model: Model, options?: { readonly stride?: number | undefined }) {
    return CpuPictureDenoiser.create(model, options);
  }

  close(): void {}
}
