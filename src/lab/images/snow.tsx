import { Picture } from "../shared/picture.tsx";
import { shownPictures } from "../store.ts";

interface SnowProps {
  /** [rows, columns] in [0, 1], black to white. */
  readonly pixels: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** The noisy image over the denoised one, clearing away when a network that knows how to takes the noise off. */
export function Snow(noisy: SnowProps) {
  if (shownPictures.value?.by !== "pretrained") return null;
  return (
    <div class="snow">
      <Picture {...noisy} />
    </div>
  );
}
