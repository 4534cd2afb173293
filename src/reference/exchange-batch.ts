/**
 * The noisy images of a batch and the same with hidden pixels: the first become the targets, the second the network's input. The reference for
 * shaders/exchange_batch.wgsl.
 */
export function exchangeBatch<T>({ x, targets }: { readonly x: T; readonly targets: T }): {
  readonly x: T;
  readonly targets: T;
} {
  return { x: targets, targets: x };
}
