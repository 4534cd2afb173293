import { describe, expect, test, vi } from "vitest";
import { type PictureSize, rowsOf } from "../../src/data/picture.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { UseDevice } from "../support/use-device.ts";
import { blank, madePicture, smallModel } from "./picture-fixture.ts";

export const describePictureWork = (useDevice: UseDevice) =>
  describe("denoising a picture", () => {
    const device = useDevice();

    test("reads each row once, only when it is needed, and writes the rows in order", async () => {
      const picture = madePicture(120, 10, 1);
      const denoiser = await PictureDenoiser.create(device(), smallModel([6, 6], {}), {
        family: "tile8",
        stride: 4,
        bandBytes: 800,
      });
      const expected = await denoiser.denoisePicture(picture);
      // In place, as in a program without memory for two pictures.
      const place = { ...picture, values: picture.values.slice() };
      let given = 0;
      let ahead = 0;
      const source = {
        ...rowsOf(place),
        read: (first: number, end: number) => {
          expect(first).toBeGreaterThanOrEqual(given);
          ahead = Math.max(ahead, end - given);
          return rowsOf(place).read(first, end);
        },
      };
      await denoiser.denoise(source, (first, values) => {
        expect(first).toBe(given);
        given += values.length / 10;
        place.values.set(values, first * 10);
      });
      expect(given).toBe(120);
      // A band of 800 bytes has 20 rows; one band is read while another is written.
      expect(ahead).toBeLessThanOrEqual(40);
      expect(place.values).toEqual(expected.values);
      denoiser.destroy();
    });

    test("reports every window as progress, and ends with the signal's reason if it is aborted", async () => {
      const denoiser = await PictureDenoiser.create(device(), smallModel([4, 4], {}), {
        family: "tile8",
        stride: 2,
        batch: 10,
      });
      const picture = madePicture(30, 31, 1);
      const told: number[] = [];
      await denoiser.denoisePicture(picture, {
        onProgress: (done, total) => {
          expect(total).toBe(14 * 15);
          told.push(done);
        },
      });
      expect(told).toEqual(Array.from({ length: 21 }, (_, index) => 10 * (index + 1)));

      const controller = new AbortController();
      const reason = new Error("enough");
      let before = 0;
      const ended = denoiser.denoisePicture(picture, {
        signal: controller.signal,
        onProgress: (done) => {
          before = done;
          controller.abort(reason);
        },
      });
      await expect(ended).rejects.toBe(reason);
      expect(before).toBeLessThanOrEqual(40);
      await expect(denoiser.denoisePicture(picture, { signal: controller.signal })).rejects.toBe(reason);
      // An aborted call does not affect later ones.
      expect(await denoiser.denoisePicture(picture)).toEqual(await denoiser.denoisePicture(picture));
      denoiser.destroy();
    });

    test("passes on errors of the source and the sink, and keeps concurrent pictures separate", async () => {
      const denoiser = await PictureDenoiser.create(device(), smallModel([4, 4], {}), {
        family: "tile8",
        bandBytes: 1,
      });
      const [one, two] = [madePicture(15, 9, 1), madePicture(22, 30, 3)];
      const fault = new Error("the disk is full");
      const fails = () => {
        throw fault;
      };
      await expect(denoiser.denoise(rowsOf(one), fails)).rejects.toBe(fault);
      await expect(denoiser.denoise({ ...rowsOf(one), read: fails }, () => {})).rejects.toBe(fault);
      const alone = [await denoiser.denoisePicture(one), await denoiser.denoisePicture(two)];
      expect(await Promise.all([denoiser.denoisePicture(one), denoiser.denoisePicture(two)])).toEqual(alone);
      denoiser.destroy();
    });

    test("refuses invalid arguments in one sentence", async () => {
      const used = smallModel([4, 6], {});
      for (const stride of [0, 5, 1.5]) {
        await expect(PictureDenoiser.create(device(), used, { stride })).rejects.toThrow(
          `The stride of windows of 4 x 6 pixels must be a whole number from 1 to 4, but it is ${stride}.`,
        );
      }
      await expect(PictureDenoiser.create(device(), used, { batch: 0 })).rejects.toThrow(
        "The batch of windows",
      );
      const denoiser = await PictureDenoiser.create(device(), used, { stride: 1 });
      const unread = (size: PictureSize) =>
        denoiser.denoise({ ...size, read: () => expect.fail() }, () => {});
      await expect(unread({ rows: 9, columns: 9, channels: 2 })).rejects.toThrow("this one has 2.");
      await expect(unread({ rows: 0, columns: 9, channels: 1 })).rejects.toThrow("no pixels");
      await expect(unread({ rows: 2 ** 17, columns: 2 ** 16, channels: 1 })).rejects.toThrow(
        /^\d+ windows, 1 pixels apart, cover the picture, but at most 4294967296 can be denoised\.$/,
      );
      const columns = device().largestBuffer / 16 + 4;
      await expect(unread({ rows: 4, columns, channels: 1 })).rejects.toThrow(
        /^The buffer "picture" needs \d+ MB, but the adapter .* allows \d+ MB per buffer\.$/,
      );
      denoiser.destroy();
    });

    test("uses only the device memory of its bands, however large the picture is", async () => {
      const creating = vi.spyOn(device(), "createBuffer");
      const reading = vi.spyOn(device(), "createReadback");
      const allocated = () => {
        const sizes = [
          ...creating.mock.calls.map(([_label, bytes]) => bytes),
          ...reading.mock.calls.map(([bytes]) => bytes),
        ];
        for (const calls of [creating, reading]) calls.mockClear();
        return sizes.reduce((sum, bytes) => sum + bytes, 0);
      };
      try {
        const used = blank(smallModel([8, 8], { output: "residual", channels: 3 }, [4]));
        const windows = { family: "tile8", stride: 8, weighting: "uniform" } as const;
        // A picture of 730 KB in bands of 32 KB: four buffers of a band, the activations of 16 windows, and the weights.
        const denoiser = await PictureDenoiser.create(device(), used, {
          ...windows,
          bandBytes: 2 ** 15,
          batch: 16,
        });
        const size = { rows: 200, columns: 304, channels: 3 };
        const picture = new MadeNumbers("a picture").floats(200 * 912, 0, 1);
        const read = (first: number, end: number) => picture.slice(912 * first, 912 * end);
        let given = 0;
        let wrong = 0;
        await denoiser.denoise({ ...size, read }, (first, values) => {
          // 200 and 304 are multiples of 8, so windows do not overlap and nothing is rounded.
          const expected = read(first, first + values.length / 912);
          wrong += expected.filter((value, index) => value !== values[index]).length;
          expect(4 * values.length).toBeLessThanOrEqual(2 ** 15);
          given += values.length;
        });
        expect({ given, wrong }).toEqual({ given: picture.length, wrong: 0 });
        expect(allocated()).toBeLessThan(4 * 2 ** 15 + 2 ** 16);
        denoiser.destroy();

        // With the default options: 72 MB in bands of 16 MB, and 32 MB of activations, all allocated before a row is read.
        const usual = await PictureDenoiser.create(device(), used, windows);
        const enough = new Error("enough");
        const large = { rows: 2000, columns: 3040, channels: 3 };
        const stop = () => {
          throw enough;
        };
        const begun = usual.denoise({ ...large, read: stop }, () => {});
        await expect(begun).rejects.toBe(enough);
        const usually = allocated();
        expect(usually).toBeGreaterThan(2 ** 24);
        expect(usually).toBeLessThan(4 * 2 ** 24 + 2 ** 25 + 2 ** 16);
        usual.destroy();
      } finally {
        for (const calls of [creating, reading]) calls.mockRestore();
      }
    });
  });
