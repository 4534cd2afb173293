import { filesOf } from "../shared/files.ts";
import { takeFiles, tryExample } from "./actions.ts";

/** The place for the first picture. */
export function Beginning() {
  return (
    <section class="card beginning" aria-labelledby="beginning-title">
      <h2 id="beginning-title">Drop a picture here to remove its noise</h2>
      <p class="beginning-note">
        Or paste one, or choose some: PNG, JPEG or WebP, one or hundreds. It begins at once.
      </p>
      <div class="beginning-buttons">
        <ChoosePictures id="pictures-first" title="Choose pictures" />
        <button type="button" class="button" onClick={() => void tryExample()}>
          Try an example
        </button>
      </div>
      <p class="beginning-note">
        A neural network estimates how strong the noise is, and computes each pixel from its surroundings. It
        runs on this computer: <strong>nothing is uploaded.</strong>
      </p>
    </section>
  );
}

interface ChoosePicturesProps {
  readonly id: string;
  readonly title: string;
}

/** A button that chooses pictures. */
export function ChoosePictures({ id, title }: ChoosePicturesProps) {
  return (
    <label class="button button-main file-button" for={id}>
      {title}
      <input
        id={id}
        class="visually-hidden"
        type="file"
        accept="image/*,.safetensors"
        multiple
        onChange={({ currentTarget }) => void takeFiles(filesOf(currentTarget))}
      />
    </label>
  );
}
