import type { Page } from "@playwright/test";

/** The number and size of a device's live buffers. */
export interface BufferCount {
  readonly bytes: number;
  readonly buffers: number;
}

/** The script name of the training Worker in the built page. */
export const trainingWorker = /\/training-worker-[^/]*\.js$/;

/** The script of a Worker, extended to count the buffers that it creates and destroys. */
export function countingScript(script: string): string {
  return `(${countBuffers})();\n${script}`;
}

/** The current size of the training Worker's buffers. */
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
