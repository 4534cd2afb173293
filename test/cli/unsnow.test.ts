import { beforeAll, describe } from "vitest";
import { buildProgram } from "./build-program.ts";
import { denoising } from "./suites/denoise.ts";
import { denoisingPictureFiles } from "./suites/denoise-picture-files.ts";
import { denoisingPictureFormats } from "./suites/denoise-picture-formats.ts";
import { evaluating } from "./suites/evaluate.ts";
import { exporting } from "./suites/export.ts";
import { faults } from "./suites/faults.ts";
import { golden } from "./suites/golden.ts";
import { interrupting } from "./suites/interrupt.ts";
import { outputs } from "./suites/outputs.ts";
import { pictures } from "./suites/pictures.ts";
import { sharding } from "./suites/shards.ts";
import { wrongUsage } from "./suites/usage.ts";

beforeAll(buildProgram, 300_000);

/** Every test starts the program, most of them on a GPU that software plays. */
const timeout = 60_000;

describe("training follows PyTorch", { timeout }, golden);
describe("what train writes and prints", { timeout }, outputs);
describe("folders of pictures", { timeout }, pictures);
describe("Ctrl-C", { timeout }, interrupting);
describe("denoise", { timeout }, denoising);
describe("what denoise makes of pictures", { timeout }, denoisingPictureFormats);
describe("which pictures denoise takes, and where they go", { timeout }, denoisingPictureFiles);
describe("shards of denoise", { timeout }, sharding);
describe("evaluate", { timeout }, evaluating);
describe("export and the models that come along", { timeout }, exporting);
describe("input that cannot be used", { timeout }, faults);
describe("wrong usage", { timeout }, wrongUsage);
