import { expect, test, vi } from "vitest";
import type { Device } from "../../src/device/device.ts";
import { RecoveringTrainer } from "../../src/engine/recovering-trainer.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { UseDevice } from "../support/use-device.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [9], epochs: 4 });

/** The object that allocates a device's memory. */
interface Allocator {
  createBuffer(...args: never): { destroy(): void };
}

/** Expects that every buffer is freed; `allocatorOf` returns the object that creates a device's buffers. */
export const describeGivenBack = (useDevice: UseDevice, allocatorOf: (device: Device) => Allocator) => {
  const device = useDevice();

  test("is freed: a hundred runs leave no buffer", async () => {
    const allocator = allocatorOf(device());
    const createBuffer = allocator.createBuffer.bind(allocator);
    const live = new Map<object, unknown>();
    let created = 0;
    const creating = vi.spyOn(allocator, "createBuffer").mockImplementation((...args) => {
      const buffer = createBuffer(...args);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        return destroy();
      };
      live.set(buffer, args);
      created += 1;
      return buffer;
    });
    for (let run = 0; run < 100; run++) {
      const trainer = await RecoveringTrainer.create(device(), spec, data, {
        open: () => expect.fail(),
        family: "tile8",
        ...(run % 2 === 1 && { imageBytes: 1 }),
      });
      if (run % 10 === 0) {
        await trainer.step();
        await trainer.preview([1]);
        await trainer.state();
        await trainer.weights();
      }
      trainer.destroy();
      // This includes buffers of runs that were refused while they were built.
      if (run % 10 === 5) {
        const state = { epoch: 9, step: 0, seconds: 0, weights: [], moments: { squares: [], others: [] } };
        const none = { training: new Float32Array(), validation: new Float32Array() };
        const wrong = { ...state, metrics: none };
        await expect(trainOn(device(), spec, data, { state: wrong })).rejects.toThrow("epoch 9");
      }
    }
    creating.mockRestore();
    expect(created).toBeGreaterThan(3800);
    expect([...live.values()]).toEqual([]);
  });
};
