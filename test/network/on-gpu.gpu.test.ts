import { describe } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { describeConvolutionPictures } from "./convolution-pictures-suite.ts";
import { describeDenoiser } from "./denoiser-suite.ts";
import { describePictureDenoiser } from "./picture-denoiser-suite.ts";
import { describePictureWork } from "./picture-work-suite.ts";

describe("on the GPU", () => {
  describeDenoiser(useGpu);
  describePictureDenoiser(useGpu);
  describePictureWork(useGpu);
  describeConvolutionPictures(useGpu);
});
