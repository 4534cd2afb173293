/** How a kernel uses a buffer: the type of the binding in WGSL. */
export type Access = "uniform" | "read" | "readWrite";
export type AnyBindings = Readonly<Record<string, Access>>;
export type Constants = Readonly<Record<string, number>>;

/**
 * A kernel as seen by the host. A GPU compiles its shader; another device has an implementation with the same name.
 */
export interface Kernel<B extends AnyBindings = AnyBindings> {
  /** The shader's file name without ".wgsl". */
  readonly name: string;
  readonly code: string;
  /** As in the shader's @workgroup_size. */
  readonly workgroup: readonly [x: number, y: number];
  /** The shader's buffers in the order of their @binding numbers. */
  readonly bindings: B;
  /**
   * The shader's `override` constants with their defaults, in the order of the shader with its includes. Default:
   * none.
   */
  readonly constants?: Constants;
}

/**
 * Declares a kernel and infers the types of its bindings. Calls are marked as pure, so that bundlers drop unused
 * kernels.
 */
export function defineKernel<const B extends AnyBindings>(kernel: Kernel<B>): Kernel<B> {
  return kernel;
}

/** A buffer on a device. */
export interface DeviceBuffer {
  /** In bytes. */
  readonly size: number;
  destroy(): void;
}

/** One buffer for every binding of a kernel. */
export type Resources<B extends AnyBindings> = { readonly [K in keyof B]: DeviceBuffer };
