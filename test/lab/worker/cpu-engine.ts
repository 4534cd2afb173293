import { afterAll } from "vitest";
import { Engine, sole } from "../../../src/engine/engine.ts";
import { openCpu } from "../../../src/engine/open-cpu.ts";

/** An engine on one CPU thread, closed after the file's tests. */
export async function openCpuEngine(): Promise<Engine> {
  const engine = await Engine.open({
    openDevice: async () => sole(await openCpu({ threads: 1 })),
  });
  afterAll(() => engine.close());
  return engine;
}
