import { Command, InvalidArgumentError, Option } from "commander";
import { pageSystems } from "./browser.ts";
import { measurementNames } from "./lab/measure-lab.ts";
import { pytorchModes } from "./python.ts";
import { type Shape, shapes } from "./shapes.ts";

/** What to measure, and how long. */
export interface Options {
  readonly shapes: readonly Shape[];
  /** The systems to measure, by their names in the table. Default: all available ones. */
  readonly systems?: readonly string[];
  readonly rounds: number;
  /** The wanted duration of a block of steps in seconds; a longer step is a block of its own. */
  readonly block: number;
  /** The longest wait for a system's first steps in seconds. */
  readonly limit: number;
  /** Output file for all numbers. */
  readonly json?: string;
  /** Measure only unsnow, in Node, kernel by kernel. */
  readonly node: boolean;
  /** The same on the CPU engine: on one thread, and on all cores. */
  readonly cpu: boolean;
  /** Measure only the built page in use: the names of what is measured. */
  readonly page?: readonly string[];
  /** Measure only the denoising of pictures, beside onnxruntime-web. */
  readonly pictures: boolean;
  /** The sides of those pictures in pixels. */
  readonly sides: readonly number[];
  /** Measure only unsnow, in Node, against up to this many images and against the hidden layer's width. */
  readonly scaling?: number;
}

/** Parses the command line, or prints the error and exits. */
export function readOptions(args: readonly string[]): Options {
  return new Command("npm run bench --")
    .description(
      "Measures a training step: unsnow and its peers in turn, in browsers, and PyTorch where there is one.",
    )
    .addOption(
      new Option("--shapes <names>", `of ${shapes.map(({ name }) => name).join(", ")}`)
        .argParser(readShapes)
        .default(shapes, "all"),
    )
    .option("--systems <names>", "as the table names them, with commas between them", readSystems)
    .option("--rounds <number>", "blocks of steps of each system", atLeast(1), 3)
    .option("--block <seconds>", "what a block should take", atLeast(0), 1)
    .option("--limit <seconds>", "how long a system's first steps may take", atLeast(1), 600)
    .option("--json <file>", "write every number there too")
    .option("--node", "unsnow alone, in Node, kernel by kernel", false)
    .option("--cpu", "unsnow alone, in Node, kernel by kernel on the CPU engine", false)
    .addOption(
      new Option(
        "--page [names]",
        `the built page alone: ${measurementNames.join(", ")}, with commas between them`,
      )
        .preset(measurementNames.join(","))
        .argParser(readMeasurements),
    )
    .option("--pictures", "only the denoising of pictures, beside onnxruntime-web", false)
    .option(
      "--sides <pixels>",
      "the sides of those pictures, with commas between them",
      readSides,
      [400, 1000, 3464],
    )
    .addOption(
      new Option("--scaling [images]", "unsnow alone, in Node: up to so many images, layers of many widths")
        .preset("100000")
        .argParser(atLeast(1_000)),
    )
    .parse(args, { from: "user" })
    .opts<Options>();
}

function readShapes(text: string): Shape[] {
  return text.split(",").map((name) => {
    const shape = shapes.find((known) => known.name === name.trim());
    if (!shape) throw new InvalidArgumentError(`There is no shape "${name}".`);
    return shape;
  });
}

function readMeasurements(text: string): string[] {
  return text.split(",").map((name) => {
    if (measurementNames.includes(name)) return name;
    throw new InvalidArgumentError(`There is no measurement "${name}": name ${measurementNames.join(", ")}.`);
  });
}

function readSides(text: string): number[] {
  return text.split(",").map(atLeast(64));
}

function readSystems(text: string): string[] {
  const known = [...pageSystems, ...pytorchModes].map(({ name }) => name);
  // A name may contain a comma, "unsnow CPU, 1 thread".
  return text.split(/,(?! 1 thread)/).map((word) => {
    const system = known.find((name) => name.toLowerCase() === word.trim().toLowerCase());
    if (!system) throw new InvalidArgumentError(`There is no system "${word}": name ${known.join("; ")}.`);
    return system;
  });
}

function atLeast(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value >= min)) throw new InvalidArgumentError(`It must be a number of at least ${min}.`);
    return value;
  };
}
