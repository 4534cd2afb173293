import { afterAll } from "vitest";
import { Engine } from "../../../src/engine/engine.ts";
import { openCpu } from "../../../src/engine/open-cpu.ts";

/** An engine on one thread of the CPU, closed after the file's tests. */
export async function openCpuEngine(): Promise<Engine> {
  const engine = await Engine.open({
    openDevice: async () => {
      const device = await openCpu({ threads: 1 });
      return { device, release: () => device.destroy() };
    },
  });
  afterAll(() => engine.close());
  return engine;
}
