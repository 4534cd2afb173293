import type { Page } from "@playwright/test";

/** What a device's buffers take that are not destroyed. */
export interface BufferCount {
  readonly bytes: number;
  readonly buffers: number;
}

/** The name of the script of the Worker that trains, in the built page. */
export const trainingWorker = /\/training-worker-[^/]*\.js$/;

/** The script of a Worker, with the buffers counted that it makes and destroys. */
export function countingScript(script: string): string {
  return `(${countBuffers})();\n${script}`;
}

/** What the training Worker's buffers take now. */
export async function countedBuffers(page: Page): Promise<BufferCount> {
  const worker = page.workers().find((one) => trainingWorker.test(new URL(one.url()).pathname));
  if (!worker) throw new Error("The page has no Worker that trains.");
  return worker.evaluate(() => ({ ...(globalThis as unknown as { counted: BufferCount }).counted }));
}

/** Runs in the Worker, before its script. */
function countBuffers(): void {
  const counted = { bytes: 0, buffers: 0 };
  Object.assign(globalThis, { counted });
  const living = new WeakSet<GPUBuffer>();
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    living.add(buffer);
    counted.bytes += buffer.size;
    counted.buffers += 1;
    return buffer;
  };
  const { destroy } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function (this: GPUBuffer) {
    if (living.delete(this)) {
      counted.bytes -= this.size;
      counted.buffers -= 1;
    }
    return destroy.call(this);
  };
}
