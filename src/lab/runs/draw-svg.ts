/** Pixels of the picture for each of the drawing's. */
const scale = 2;

/** The PNG file of a drawing that says how large it is. */
export async function drawSvg(svg: Blob): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const drawing = new Image();
    drawing.src = address;
    await drawing.decode();
    const canvas = new OffscreenCanvas(scale * drawing.naturalWidth, scale * drawing.naturalHeight);
    canvas.getContext("2d")?.drawImage(drawing, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    URL.revokeObjectURL(address);
  }
}
