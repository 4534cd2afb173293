import type { Device } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { openCpu } from "../engine/open-cpu.ts";
import { usualFamily } from "../kernels/family.ts";
import { Denoiser } from "../network/denoiser.ts";
import { initialWeights } from "../network/initial-weights.ts";
import { denseLayers } from "../spec/layers.ts";
import { autoencoder, multiplyAdds, networkName } from "../spec/network.ts";
import { defaultTraining } from "../spec/settings.ts";
import type { Io, OpenedGpu } from "./io.ts";
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

type Fact = readonly [name: string, value: string];

/** `unsnow info`: describes the GPU, or why there is none, and the CPU, and which of them computes by default. */
export async function info(io: Io): Promise<void> {
  const gpu = await io.openGpu().catch((error: unknown) => {
    if (error instanceof DeviceError && error.kind === "unavailable") return error;
    throw error;
  });
  const opened = gpu instanceof DeviceError ? undefined : gpu;
  const cpu = await openCpu();
  try {
    const byDefault = opened && !opened.gpu.adapter.software ? "the GPU" : "the CPU";
    io.console.log(
      facts([
        ["unsnow", packageVersion()],
        ["Node", process.versions.node],
        ["computes", `${byDefault}, unless --backend names the other`],
        ["CPU", cpu.adapter.name],
        ["product", await productSpeed(cpu)],
        ...(opened
          ? await gpuFacts(io, opened)
          : [["GPU", `none: ${String((gpu as DeviceError).message)}`] as const]),
      ]),
    );
  } finally {
    cpu.destroy();
    opened?.close();
  }
}

async function gpuFacts(io: Io, { gpu, remark }: OpenedGpu): Promise<Fact[]> {
  const { adapter, device } = gpu;
  const notebook = autoencoder([28, 28], defaultTraining.hidden);
  const measured = Object.entries(await io.kernels.all())
    .filter(([key]) => key.startsWith(`${adapter.name}, `))
    .map(([key, family]): Fact => ["", `${family} for ${key.slice(adapter.name.length + 2)}, as measured`]);
  const family = usualFamily(adapter, notebook, defaultTraining.batch);
  return [
    ["adapter", adapter.name],
    ["software", adapter.software ? "yes: a CPU computes instead of a GPU" : "no"],
    ...(remark ? [["remark", remark] as const] : []),
    ["product", await productSpeed(gpu)],
    ["timestamp queries", gpu.profiles ? "yes" : "no: --profile cannot measure"],
    ["kernels", `${family} for ${networkName(notebook)}, unless measured`],
    ...measured,
    ...limits.map(([name, unit]): Fact => [name, `${device.limits[name]} ${unit}`]),
  ];
}

/** What a device does at products of 512 x 512 x 512, from images in to images out; the best of three times. */
async function productSpeed(device: Device): Promise<string> {
  const network = autoencoder([16, 32], denseLayers(512, 512, 512));
  const batch = 512;
  const denoiser = await Denoiser.create(device, { network, layers: initialWeights(network, 0) }, batch);
  try {
    const images = new Float32Array(batch * 512).fill(0.5);
    // The first time pays for compiling.
    await denoiser.denoise(images);
    const times: number[] = [];
    for (let time = 0; time < 3; time++) {
      const started = performance.now();
      await denoiser.denoise(images);
      times.push((performance.now() - started) / 1000);
    }
    const seconds = Math.min(...times);
    return `${((2 * batch * multiplyAdds(network)) / seconds / 1e9).toPrecision(3)} GFLOP/s at 512 x 512 x 512`;
  } finally {
    denoiser.destroy();
  }
}
