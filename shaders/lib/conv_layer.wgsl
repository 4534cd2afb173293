// A convolution between images of two sizes: those of `small` are as large as those of `big`, or half as large with a stride
// of 2. Images are planes: a row of pixels is followed by a pixel of zeros, an image by a row of zeros, so a pixel's
// neighbours are at the same distances everywhere. Pixels of zeros are never written. A pixel is quads of channels.
// Offsets are in quads, and lead to the first pixel of the first image.
// Layout: PlaneBlock in src/math/layout.ts, which explains it.

struct ConvLayer {
  images: u32,
  bigRows: u32,
  bigColumns: u32,
  bigQuads: u32,        // of channels
  smallRows: u32,
  smallColumns: u32,
  smallQuads: u32,
  stride: u32,          // 1 or 2
  bigOffset: u32,       // in activations
  smallOffset: u32,
  bigGradient: u32,     // in gradients
  smallGradient: u32,
  weightOffset: u32,    // of W in parameters: [small channels, 9, quads of big channels]
  biasOffset: u32,      // of the bias in parameters: quads of output channels
  splits: u32,          // parts of a gradient
  parameterQuads: u32,  // of a part
  smallChannels: u32,
  addedOffset: u32,     // in activations: the images that are added before the activation; 0 for none
  adderGradient: u32,   // in gradients: those of the layer that adds this layer's input; 0 for none
}

struct Place {
  image: u32,
  row: u32,
  column: u32,
  inside: bool, // whether it is a pixel of an image, and none of the zeros
}

// Pixels of all images of planes, with those of zeros.
fn planePixels(images: u32, rows: u32, columns: u32) -> u32 { return images * (rows + 1u) * (columns + 1u); }

// The place of a pixel of planes, by its number.
fn placeOf(pixel: u32, images: u32, rows: u32, columns: u32) -> Place {
  let pitch = columns + 1u;
  let column = pixel % pitch;
  let line = pixel / pitch;
  let row = line % (rows + 1u);
  let image = line / (rows + 1u);
  return Place(image, row, column, column < columns && row < rows && image < images);
}

// The number of a pixel of planes.
fn pixelAt(image: u32, row: u32, column: u32, rows: u32, columns: u32) -> u32 {
  return (image * (rows + 1u) + row) * (columns + 1u) + column;
}

// The number of an invocation in a dispatch of workgroups of 16 in a line, which may be folded into two dimensions.
fn lineId(groupId: vec3u, groups: vec3u, local: u32) -> u32 {
  return 16u * (groupId.y * groups.x + groupId.x) + local;
}
