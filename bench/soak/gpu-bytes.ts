/** Counts the bytes of a device's live buffers from now on, by wrapping the calls that create and destroy them. */
export class GpuBytes {
  bytes = 0;
  buffers = 0;

  constructor(device: GPUDevice) {
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      this.bytes += descriptor.size;
      this.buffers += 1;
      const destroy = buffer.destroy.bind(buffer);
      let destroyed = false;
      buffer.destroy = () => {
        if (!destroyed) {
          this.bytes -= descriptor.size;
          this.buffers -= 1;
        }
        destroyed = true;
        return destroy();
      };
      return buffer;
    };
  }
}
