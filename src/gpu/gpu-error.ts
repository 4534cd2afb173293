/** The GPU cannot do what was asked, or failed while doing it. The message is one sentence that can be shown as it is. */
export class GpuError extends Error {
  override readonly name = "GpuError";
}
