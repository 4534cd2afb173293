// Defines which images a sweep's image buffers hold. Layout: windowUniform in src/kernels/corrupt.ts.
struct Window {
  streamed: u32, // 0: all images, by number; 1: the images of a part of the sweep, in visiting order
  first: u32,    // the position in the sweep of the first of these images
}

// The index in the buffers of the image that the sweep visits at `position`.
fn placeOf(window: Window, position: u32, image: u32) -> u32 {
  return select(image, position - window.first, window.streamed == 1u);
}
