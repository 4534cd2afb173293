import { Buffers } from "../device/buffers.ts";
import type { Device } from "../device/device.ts";
import { type Family, families, usualFamily } from "../kernels/family.ts";
import { layOut, padRows } from "../math/layout.ts";
import { forwardPass } from "../network/forward.ts";
import { initialWeights } from "../network/initial-weights.ts";
import { NetworkBuffers } from "../network/network-buffers.ts";
import { denseLayers } from "../spec/layers.ts";
import { autoencoder } from "../spec/network.ts";

/** The measured product is of side x side x side. */
export const measuredSide = 512;

const network = autoencoder([16, 32], denseLayers(measuredSide));

/** The approximate duration of a measurement in milliseconds, and the most launches in it. */
const wantedMilliseconds = 50;
const mostLaunches = 1000;

/** Floating-point operations per second of `dense_forward` for a product of 512 x 512 x 512, by the fastest of the device's families. */
export async function productSpeed(device: Device): Promise<number> {
  const speeds: number[] = [];
  for (const family of familiesOf(device)) speeds.push(await speedOf(device, family));
  return Math.max(...speeds);
}

/** On the CPU all families are one kernel. On a software GPU each would take seconds, so only the default one is measured. */
function familiesOf(device: Device): readonly Family[] {
  const choice = device.backend === "gpu" && !device.adapter.software;
  return choice ? families : [usualFamily(device, network, measuredSide)];
}

async function speedOf(device: Device, family: Family): Promise<number> {
  const buffers = new Buffers(device);
  try {
    const { placed, activations } = await device.build("the product", () => {
      const placed = new NetworkBuffers(device, buffers, network, measuredSide);
      return { placed, activations: buffers.storage("activations", placed.activationBytes) };
    });
    placed.write(initialWeights(network, 0));
    device.write(activations, 16 * firstOffset(), padRows(madeImages(), measuredSide, measuredSide));
    const forward = await forwardPass(device, family, placed, activations, { end: 1 });
    // The first launch may compile.
    await millisecondsOf(device, forward, 1);
    const once = await millisecondsOf(device, forward, 1);
    const launches = Math.min(mostLaunches, Math.ceil(wantedMilliseconds / Math.max(once, 0.001)));
    const times = [once, (await millisecondsOf(device, forward, launches)) / launches];
    return (2 * measuredSide ** 3) / (Math.min(...times) / 1000);
  } finally {
    buffers.destroy();
  }
}

function firstOffset(): number {
  return layOut(network, measuredSide).layers[0]?.inputOffset ?? 0;
}

/** Varied values, because computing with zeros can be faster. */
function madeImages(): Float32Array {
  return Float32Array.from(
    { length: measuredSide ** 2 },
    (_, index) => (Math.imul(index, 0x9e3779b1) >>> 8) / 2 ** 24,
  );
}

async function millisecondsOf(
  device: Device,
  dispatches: Awaited<ReturnType<typeof forwardPass>>,
  times: number,
): Promise<number> {
  const started = performance.now();
  device.submit(dispatches.flat(), times);
  await device.done();
  device.assertAlive();
  return performance.now() - started;
}
