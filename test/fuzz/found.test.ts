import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readImageSet } from "../../src/data/image-set.ts";
import { readModel } from "../../src/formats/foreign-model.ts";
import { parseSafetensors } from "../../src/formats/safetensors.ts";
import { parseTrainingNote } from "../../src/formats/training-note.ts";
import { encodeRun, parseRun } from "../../src/lab/runs/run-file.ts";
import { readAddress } from "../../src/lab/settings/address.ts";
import { openingDigits } from "../../src/lab/settings/draft.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { parseSchedule } from "../../src/spec/schedule.ts";
import { runFileOf, smallRun } from "../lab/runs/fixtures.ts";
import { examine } from "./examine.ts";

/** A safetensors file of this header, without tensors' bytes. */
function headed(header: string): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = (name: string, shape: string) =>
  `"${name}":{"dtype":"F32","shape":${shape},"data_offsets":[0,0]}`;

/** A run file with these names of its images' files, as JSON. */
async function runWithFiles(files: string): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextDecoder().decode(await runFileOf(encodeRun(smallRun, undefined)));
  return new TextEncoder().encode(text.replace('"files":[]', `"files":${files}`));
}

/** Each caused a call that never ended, an error of another kind, or gigabytes of memory. */
const found: readonly (readonly [string, () => unknown])[] = [
  [
    "lists 200,000 deep in a header",
    () => parseSafetensors(headed(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`), "file"),
  ],
  [
    "objects 100,000 deep in a header",
    () =>
      parseSafetensors(
        headed(`{${tensor("a", `${'{"b":'.repeat(100_000)}1${"}".repeat(100_000)}`)}}`),
        "file",
      ),
  ],
  [
    "an object without a text form in place of a file's name",
    async () => {
      parseRun(await runWithFiles('[{"toString":1,"valueOf":1}]'), "file");
    },
  ],
  [
    "a layer of no bytes that claims a billion biases",
    () =>
      readModel(
        headed(`{${tensor("0.weight", "[1000000000,0]")},${tensor("1.weight", "[0,1000000000]")}}`),
        "file",
      ),
  ],
  [
    "a tensor's name of 900,000 digits",
    () => readModel(headed(`{${tensor(`${"1".repeat(900_000)}!`, "[0]")}}`), "file"),
  ],
  [
    "a tensor for each of 10,000 groups",
    () =>
      readModel(
        headed(
          `{${Array.from({ length: 10_000 }, (_, group) => tensor(`g${group}x.weight`, "[0]")).join()}}`,
        ),
        "file",
      ),
  ],
  [
    "a noise of 900,000 digits",
    () => {
      const training = JSON.stringify({ noise: `gaussian:${"1".repeat(900_000)}x`, seed: 0 });
      parseTrainingNote(headed(JSON.stringify({ __metadata__: { training } })), "file");
    },
  ],
  ["a noise of several lines", () => parseNoise(`rain\n${"drop ".repeat(1000)}`)],
  ["a schedule of several lines", () => parseSchedule("never\u2028again")],
  ["a gzip file of half a gigabyte of zeros", () => readImageSet(bomb, "file")],
];

const bomb = gzipSync(new Uint8Array(2 ** 29), { level: 1 });

describe("earlier findings are refused in one sentence, within the memory limit:", () => {
  test.each(found)("%s", async (_, attempt) => {
    const read = async () => {
      await attempt();
      return undefined;
    };
    expect(await examine({ name: "found", make: () => "", read }, "")).toEqual({
      accepted: false,
      fault: undefined,
    });
  });
});

test("a setting of several lines in the address is named in one line", () => {
  expect(readAddress("a%0Ab=1&seed=7", openingDigits).fault).toMatch(/^.*\.$/);
});

test("brackets within a text do not count as lists", () => {
  const header = `{"__metadata__":{"a":${JSON.stringify("[".repeat(1000))}}}`;
  expect(parseSafetensors(headed(header), "file").metadata.get("a")).toHaveLength(1000);
});
