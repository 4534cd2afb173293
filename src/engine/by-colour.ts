import type { EnginePictureDenoiser } from "./engine.ts";

/** Combines denoisers for grey and for coloured pictures: each picture goes to the one for its channels. */
export function byColour(
  grey: EnginePictureDenoiser,
  coloured: EnginePictureDenoiser,
): EnginePictureDenoiser {
  const denoiserFor = ({ channels }: { readonly channels: number }) => (channels === 1 ? grey : coloured);
  return {
    denoise: (source, sink, task) => denoiserFor(source).denoise(source, sink, task),
    denoisePicture: (picture, task) => denoiserFor(picture).denoisePicture(picture, task),
    async denoiseInPlace(open, task) {
      const first = await open();
      let isFresh = true;
      const again = () => {
        const opened = isFresh ? first : open();
        isFresh = false;
        return Promise.resolve(opened);
      };
      return denoiserFor(first).denoiseInPlace(again, task);
    },
    destroy() {
      grey.destroy();
      coloured.destroy();
    },
  };
}
