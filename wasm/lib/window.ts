// Defines which images a sweep's image buffers hold.
// Twin: shaders/lib/window.wgsl.

// @ts-ignore: decorator
@unmanaged
export class Window {
  // 0: all images, by number; 1: the images of a part of the sweep, in visiting order
  streamed: u32;
  // The position in the sweep of the first of these images
  first: u32;
}

/** The index in the buffers of the image that the sweep visits at `position`. */
// @ts-ignore: decorator
@inline
export function placeOf(window: Window, position: u32, image: u32): u32 {
  return window.streamed === 1 ? position - window.first : image;
}
