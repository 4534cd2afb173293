import { describe } from "vitest";
import { useCpu } from "../support/open-cpu.ts";
import { describeConvolutionPictures } from "./convolution-pictures-suite.ts";
import { describeDenoiser } from "./denoiser-suite.ts";
import { describePictureDenoiser } from "./picture-denoiser-suite.ts";
import { describePictureWork } from "./picture-work-suite.ts";

describe("on the CPU", () => {
  describeDenoiser(useCpu);
  describePictureDenoiser(useCpu);
  describePictureWork(useCpu);
  describeConvolutionPictures(useCpu);
});
