import { usualFamily } from "../kernels/family.ts";
import { autoencoder, networkName } from "../spec/network.ts";
import { defaultTraining } from "../spec/settings.ts";
import type { Io } from "./io.ts";
import { facts } from "./text.ts";
import { packageVersion } from "./version.ts";

/** The limits that decide what fits and how kernels may work, and their units. */
const limits = [
  ["maxBufferSize", "bytes"],
  ["maxStorageBufferBindingSize", "bytes"],
  ["maxStorageBuffersPerShaderStage", "buffers"],
  ["maxComputeWorkgroupStorageSize", "bytes"],
  ["maxComputeInvocationsPerWorkgroup", "invocations"],
] as const;

/** `unsnow info`: describes the adapter that would compute. Throws a DeviceError where there is none. */
export async function info(io: Io): Promise<void> {
  const { gpu, remark, close } = await io.openGpu();
  try {
    const { adapter, device } = gpu;
    const notebook = autoencoder([28, 28], defaultTraining.hidden);
    const measured = Object.entries(await io.kernels.all())
      .filter(([key]) => key.startsWith(`${adapter.name}, `))
      .map(
        ([key, family]) => ["", `${family} for ${key.slice(adapter.name.length + 2)}, as measured`] as const,
      );
    io.console.log(
      facts([
        ["unsnow", packageVersion()],
        ["Node", process.versions.node],
        ["adapter", adapter.name],
        ["software", adapter.software ? "yes: a CPU computes instead of a GPU" : "no"],
        ...(remark ? [["remark", remark] as const] : []),
        [
          "timestamp queries",
          device.features.has("timestamp-query") ? "yes" : "no: --profile cannot measure",
        ],
        [
          "kernels",
          `${usualFamily(adapter, notebook, defaultTraining.batch)} for ${networkName(notebook)}, unless measured`,
        ],
        ...measured,
        ...limits.map(([name, unit]) => [name, `${device.limits[name]} ${unit}`] as const),
      ]),
    );
  } finally {
    close();
  }
}
