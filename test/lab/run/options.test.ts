import { expect, test } from "vitest";
import { unusableOptions, wantedBackend, wantedThreads } from "../../../src/lab/run/options.ts";

const read = (text: string) => {
  const address = new URLSearchParams(text);
  return {
    backend: wantedBackend(address),
    threads: wantedThreads(address),
    unusable: unusableOptions(address),
  };
};

test.each([
  ["", undefined, undefined],
  ["backend=auto", undefined, undefined],
  ["backend=cpu&threads=1", "cpu", 1],
  ["backend=gpu", "gpu", undefined],
  ["threads=64", undefined, 64],
  ["other=thing&kernels=tile8", undefined, undefined],
])("%j gives usable options", (text, backend, threads) => {
  expect(read(text)).toEqual({ backend, threads, unusable: [] });
});

test.each([
  "threads=0",
  "threads=65",
  "threads=2.5",
  "threads=-1",
  "threads=many",
  "threads=",
  "threads=1e1",
])("%s is reported as unusable", (text) => {
  const [name, value] = text.split("=");
  expect(read(text)).toEqual({ backend: undefined, threads: undefined, unusable: [[name, value]] });
});

test("all unusable options are reported", () => {
  expect(read("backend=tpu&threads=65&kernels=tile9").unusable).toEqual([
    ["backend", "tpu"],
    ["threads", "65"],
    ["kernels", "tile9"],
  ]);
});
