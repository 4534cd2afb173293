import type { Device, Region, RegionBytes } from "./device.ts";

/** A single read, with its own readback. */
export async function readBack<const R extends readonly Region[]>(
  device: Device,
  regions: R,
): Promise<RegionBytes<R>> {
  const readback = device.createReadback(regions.reduce((sum, { bytes }) => sum + bytes, 0));
  try {
    return await readback.read(regions);
  } finally {
    readback.destroy();
  }
}
