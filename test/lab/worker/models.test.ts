import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { encodeModel } from "../../../src/formats/model-file.ts";
import { Models, shippedFiles } from "../../../src/lab/worker/models.ts";
import { initialWeights } from "../../../src/network/initial-weights.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { autoencoder, hiddenOf } from "../../../src/spec/network.ts";

function bytesOf(hidden: number): Uint8Array<ArrayBuffer> {
  const network = autoencoder([2, 3], [hidden]);
  return encodeModel({ network, layers: initialWeights(network, hidden) });
}

test("every network in the page's folder is used, and each that is used is there", () => {
  const named = Object.values(shippedFiles).flatMap(({ grey, colour }) => [grey, colour]);
  const folder = readdirSync(fileURLToPath(new URL("../../../public/models", import.meta.url)));
  expect([...new Set(named)].map((name) => `${name}.safetensors`).sort()).toEqual(folder.sort());
});

describe("networks other than the run's", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("are fetched from the page's folder once, if the page has them", async () => {
    const fetched: string[] = [];
    vi.stubGlobal("fetch", async (address: URL) => {
      fetched.push(address.href);
      return new Response(bytesOf(4));
    });
    const models = new Models("https://example.org/some/page.html?x#y");
    const digits = { kind: "shipped", name: "digits" } as const;
    const [one, two] = await Promise.all([models.read(digits), models.read(digits)]);
    expect(hiddenOf(one.network)).toEqual(denseLayers(4));
    expect(two).toBe(one);
    expect(fetched).toEqual(["https://example.org/some/models/digits.safetensors"]);
  });

  test("are those for the picture's channels", async () => {
    const fetched: string[] = [];
    vi.stubGlobal("fetch", async (address: URL) => {
      fetched.push(address.pathname);
      return new Response(bytesOf(4));
    });
    const models = new Models("https://example.org/");
    for (const colour of [true, false]) await models.read({ kind: "shipped", name: "photo", colour });
    const { grey, colour } = shippedFiles.photo;
    expect(fetched).toEqual([...new Set([colour, grey])].map((name) => `/models/${name}.safetensors`));
  });

  test("are fetched again after a failure", async () => {
    const answers = [
      () => Promise.reject(new TypeError("no connection")),
      () => new Response("", { status: 404 }),
      () => new Response("no model at all"),
      () => new Response(bytesOf(5)),
    ];
    vi.stubGlobal("fetch", async () => answers.shift()?.());
    const models = new Models("https://example.org/");
    const photo = { kind: "shipped", name: "photo" } as const;
    await expect(models.read(photo)).rejects.toThrow(
      "models/photo.safetensors could not be loaded: the connection failed.",
    );
    await expect(models.read(photo)).rejects.toThrow("the server answered 404.");
    await expect(models.read(photo)).rejects.toThrow(/^photo\.safetensors /);
    expect(hiddenOf((await models.read(photo)).network)).toEqual(denseLayers(5));
  });

  test("are kept if they are the user's latest file", async () => {
    const reads: string[] = [];
    const file = (id: number, hidden: number) => {
      const named = new File([bytesOf(hidden)], `${id}.safetensors`);
      const { slice } = named;
      named.slice = (...range) => {
        reads.push(named.name);
        return slice.apply(named, range);
      };
      return { kind: "file", id, file: named } as const;
    };
    const [one, two] = [file(1, 3), file(2, 7)];
    const models = new Models("https://example.org/");
    expect(hiddenOf((await models.read(one)).network)).toEqual(denseLayers(3));
    expect(hiddenOf((await models.read(one)).network)).toEqual(denseLayers(3));
    expect(hiddenOf((await models.read(two)).network)).toEqual(denseLayers(7));
    expect(hiddenOf((await models.read(one)).network)).toEqual(denseLayers(3));
    expect(reads).toEqual(["1.safetensors", "2.safetensors", "1.safetensors"]);
  });
});
