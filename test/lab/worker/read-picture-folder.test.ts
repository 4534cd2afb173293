import { describe, expect, test } from "vitest";
import { holdOut } from "../../../src/data/hold-out.ts";
import { type Images, inMemory } from "../../../src/data/image-source.ts";
import type { MeasuredFile, PicturesEvent, PicturesOrder } from "../../../src/lab/images/protocol.ts";
import { DecodedFolders } from "../../../src/lab/worker/decoded-pictures.ts";
import { readPictureFolder } from "../../../src/lab/worker/read-picture-folder.ts";
import { InputError } from "../../../src/spec/input-error.ts";

const size = { rows: 2, columns: 3 };

/** A picture whose pixels all equal its number; "broken" ones cannot be decoded. */
const files = (names: readonly string[]): MeasuredFile[] =>
  names.map((name) => ({
    file: new File(["12345"], name),
    size: name.startsWith("none") ? undefined : { rows: name.startsWith("huge") ? 1e5 : 5, columns: 5 },
  }));

const decode = async (file: File) => {
  if (file.name.startsWith("broken")) throw new Error("This cannot be decoded.");
  if (file.name.startsWith("huge")) throw new Error("This must not be decoded.");
  return new Uint8Array(6).fill(Number.parseInt(file.name, 10));
};

function read(
  names: readonly string[],
  labels?: PicturesOrder["labels"],
  abort?: (numbers: readonly number[]) => boolean,
) {
  const order: PicturesOrder = {
    folder: 1,
    name: "pets",
    count: names.length,
    labels,
    passedOver: "Passed over 1 file that is not read as a picture: 1 .heic.",
    choices: { size, fit: "middle", inverted: false },
  };
  const measured = files(names);
  const events: PicturesEvent[] = [];
  const aborted = new AbortController();
  const asked: number[] = [];
  const reading = readPictureFolder(order, {
    decode,
    decoded: new DecodedFolders(),
    signal: aborted.signal,
    listener: (event) => void events.push(event),
    read: async (numbers) => {
      asked.push(...numbers);
      if (abort?.(numbers)) aborted.abort();
      return numbers.flatMap((number) => measured[number] ?? []);
    },
  });
  return { reading, events, asked };
}

const numbered = (count: number) => Array.from({ length: count }, (_, number) => `${number}.png`);

describe("a folder's pictures", () => {
  test("become images, divided as usual, with their labels", async () => {
    const labels = {
      names: [{ label: 0, name: "even" }],
      labels: Uint8Array.from({ length: 50 }, (_, i) => i % 2),
    };
    const { reading, events } = read(numbered(50), labels);
    const images = await reading;
    const pixels = Uint8Array.from({ length: 300 }, (_, at) => Math.floor(at / 6));
    const expected = holdOut({ name: "pets", count: 50, ...size, pixels, labels: labels.labels });
    expect(images?.data).toEqual(expected);
    expect(images?.files).toEqual([{ role: "training", name: "pets", bytes: 250, count: 50 }]);
    expect(images?.pictures).toEqual({
      labels: labels.names,
      passedOver: "Passed over 1 file that is not read as a picture: 1 .heic.",
      unread: { count: 0, names: [] },
    });
    const [first] = events;
    if (first?.kind !== "samples") throw new Error("The samples come first.");
    expect(
      [...first.samples.pixels].filter((_, at) => at % 6 === 0).map((value) => Math.round(255 * value)),
    ).toEqual([0, 6, 12, 18, 25, 31, 37, 43]);
    expect(first.samples.labels).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  test("are used without those that cannot be read", async () => {
    const names = ["0.png", "broken 1", "2.png", "none 3", "huge 4", "5.png", "6.png", "7.png"];
    const labels = { names: [], labels: Uint8Array.from(names, (_, number) => number) };
    const images = await read(names, labels).reading;
    expect(images?.pictures.unread).toEqual({ count: 3, names: ["broken 1", "none 3", "huge 4"] });
    const { train, validation } = images?.data ?? {};
    if (!train || !validation || !inMemory(train) || !inMemory(validation))
      throw new Error("Images are in memory.");
    const sets = [train, validation];
    // The pixels of a picture equal its number, and so does its label here.
    for (const { pixels, labels: kept } of sets)
      expect([...pixels].filter((_, at) => at % 6 === 0)).toEqual([...(kept ?? [])]);
    expect(sets.flatMap((set) => [...(set.labels ?? [])]).sort()).toEqual([0, 2, 5, 6, 7]);
    expect(validation.count).toBe(1);
  });

  test.each([
    ["two", ["0.png", "1.png"], /^pets has 2 pictures, of which 2 can be used, but at least 3 are needed/],
    [
      "too few readable pictures",
      ["0.png", "broken", "2.png"],
      /of which 2 can be used \(broken is the first/,
    ],
    ["no readable pictures", ["none 1", "broken"], /of which 0 can be used \(none 1 is/],
  ])("are refused if there are %s", async (_, names, message) => {
    const { reading } = read(names);
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });

  test("are discarded if reading is cancelled", async () => {
    const { reading, asked } = read(numbered(200), undefined, (numbers) => numbers.includes(40));
    expect(await reading).toBeUndefined();
    expect(Math.max(...asked)).toBeLessThan(200);
    const parts = read(numbered(200), undefined, (numbers) => numbers.includes(1));
    expect(await parts.reading).toBeUndefined();
    expect(Math.max(...parts.asked.slice(8))).toBe(15);
  });
});

describe("a folder that is read again", () => {
  /** Reads fifty pictures repeatedly, and counts how many are decoded each time. */
  function again(mostBytes?: number) {
    const measured = files(numbered(50));
    const decoded = new DecodedFolders(mostBytes);
    return async (choices: Partial<PicturesOrder["choices"]>, folder = 1) => {
      const shape = { size, fit: "middle" as const, inverted: false, ...choices };
      const order = {
        folder,
        name: "pets",
        count: 50,
        labels: undefined,
        passedOver: undefined,
        choices: shape,
      };
      const events: PicturesEvent[] = [];
      let decodings = 0;
      const images = await readPictureFolder(order, {
        decoded,
        signal: new AbortController().signal,
        listener: (event) => void events.push(event),
        read: async (numbers) => numbers.flatMap((number) => measured[number] ?? []),
        decode: async (file) => {
          decodings += 1;
          return new Uint8Array(shape.size.rows * shape.size.columns).fill(Number.parseInt(file.name, 10));
        },
      });
      const [samples] = events;
      if (!images || samples?.kind !== "samples") throw new Error("There are images, and samples of them.");
      return { data: images.data, samples: samples.samples, decodings };
    };
  }
  const inverse = { inverted: true } as const;
  const large = { size: { rows: 4, columns: 3 } } as const;
  const bytesOf = ({ data }: { readonly data: { readonly train: Images } }) => {
    if (!inMemory(data.train)) throw new Error("Images are in memory.");
    return [...data.train.pixels];
  };

  test("is inverted without being decoded again", async () => {
    const readWith = again();
    const first = await readWith({});
    expect(first.decodings).toBe(58);
    const second = await readWith(inverse);
    expect(second.decodings).toBe(0);
    expect(bytesOf(second)).toEqual(bytesOf(first).map((byte) => 255 - byte));
    expect([...second.samples.pixels]).toEqual(
      [...first.samples.pixels].map((value) => Math.fround(1 - value)),
    );
    expect(await again()(inverse)).toEqual({ ...second, decodings: 58 });
  });

  test("is decoded once for each size, shape and folder", async () => {
    const readWith = again();
    const first = await readWith({});
    expect((await readWith(large)).decodings).toBe(58);
    expect((await readWith({ fit: "squeeze" })).decodings).toBe(58);
    expect((await readWith({}, 2)).decodings).toBe(58);
    expect(await readWith({})).toEqual({ ...first, decodings: 0 });
  });

  test("is cached in bounded memory, and the least recently used pictures are dropped", async () => {
    // There is memory for the small images of two shapes, or for the large ones.
    const readWith = again(50 * 12);
    await readWith({});
    await readWith({ fit: "squeeze" });
    expect((await readWith({})).decodings).toBe(0);
    await readWith({}, 2);
    expect((await readWith({})).decodings).toBe(0);
    expect((await readWith({ fit: "squeeze" })).decodings).toBe(58);
    await readWith(large);
    expect((await readWith(large)).decodings).toBe(0);
    expect((await readWith({})).decodings).toBe(58);
  });
});
