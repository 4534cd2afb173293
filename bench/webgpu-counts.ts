/** Counts of WebGPU calls. */
export interface Counts {
  dispatches: number;
  passes: number;
  submits: number;
  /** Bytes written from the host: queue.writeBuffer, and buffers that were mapped at creation. */
  bytesUploaded: number;
  /** Waits for the GPU: mapped buffers, onSubmittedWorkDone, error scopes. */
  waits: number;
  encoders: number;
  commandBuffers: number;
  buffers: number;
  bindGroups: number;
  /** Shader modules, layouts, query sets, textures, samplers. */
  otherObjects: number;
  pipelines: number;
}

function noCounts(): Counts {
  return {
    dispatches: 0,
    passes: 0,
    submits: 0,
    bytesUploaded: 0,
    waits: 0,
    encoders: 0,
    commandBuffers: 0,
    buffers: 0,
    bindGroups: 0,
    otherObjects: 0,
    pipelines: 0,
  };
}

type Count = (counts: Counts, args: readonly unknown[]) => void;

/** Counts the calls of all WebGPU objects of a page from now until `stop`, by wrapping the methods of their prototypes. */
export class WebGpuCounter {
  readonly #counts = noCounts();
  readonly #undo: (() => void)[] = [];

  constructor() {
    for (const [prototype, methods] of wrapped()) {
      for (const [name, count] of Object.entries(methods)) this.#wrap(prototype, name, count);
    }
  }

  /** The counts so far. */
  read(): Counts {
    return { ...this.#counts };
  }

  /** Restores the original methods. */
  stop(): Counts {
    for (const undo of this.#undo.splice(0)) undo();
    return this.read();
  }

  #wrap(prototype: object, name: string, count: Count): void {
    const original: unknown = Reflect.get(prototype, name);
    if (typeof original !== "function") throw new Error(`WebGPU has no method ${name} here.`);
    const counts = this.#counts;
    function counting(this: unknown, ...args: unknown[]): unknown {
      count(counts, args);
      return Reflect.apply(original as (...args: unknown[]) => unknown, this, args);
    }
    Reflect.set(prototype, name, counting);
    this.#undo.push(() => Reflect.set(prototype, name, original));
  }
}

/** What each method adds to the counts. A function, because Node has no such prototypes. */
function wrapped(): [prototype: object, methods: Record<string, Count>][] {
  const add =
    (key: keyof Counts): Count =>
    (counts) => {
      counts[key] += 1;
    };
  const otherObject = add("otherObjects");
  return [
    [
      GPUQueue.prototype,
      {
        submit: (counts, [commandBuffers]) => {
          counts.submits += 1;
          counts.commandBuffers += [...(commandBuffers as Iterable<GPUCommandBuffer>)].length;
        },
        writeBuffer: (counts, args) => {
          counts.bytesUploaded += writtenBytes(args);
        },
        onSubmittedWorkDone: add("waits"),
      },
    ],
    [GPUBuffer.prototype, { mapAsync: add("waits") }],
    [GPUCommandEncoder.prototype, { beginComputePass: add("passes") }],
    [
      GPUComputePassEncoder.prototype,
      { dispatchWorkgroups: add("dispatches"), dispatchWorkgroupsIndirect: add("dispatches") },
    ],
    [
      GPUDevice.prototype,
      {
        createBuffer: (counts, [descriptor]) => {
          const { size, mappedAtCreation } = descriptor as GPUBufferDescriptor;
          counts.buffers += 1;
          if (mappedAtCreation) counts.bytesUploaded += size;
        },
        createBindGroup: add("bindGroups"),
        createCommandEncoder: add("encoders"),
        createComputePipeline: add("pipelines"),
        createComputePipelineAsync: add("pipelines"),
        createShaderModule: otherObject,
        createBindGroupLayout: otherObject,
        createPipelineLayout: otherObject,
        createQuerySet: otherObject,
        createTexture: otherObject,
        createSampler: otherObject,
        popErrorScope: add("waits"),
      },
    ],
  ];
}

/** Bytes of queue.writeBuffer(buffer, bufferOffset, data, dataOffset, size); the last two count elements of a typed array. */
function writtenBytes([, , data, dataOffset = 0, size]: readonly unknown[]): number {
  const source = data as ArrayBufferView | ArrayBuffer;
  const unit = "BYTES_PER_ELEMENT" in source ? Number(source.BYTES_PER_ELEMENT) : 1;
  return size === undefined ? source.byteLength - Number(dataOffset) * unit : Number(size) * unit;
}
