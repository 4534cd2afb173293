import { offerFiles } from "../image-control.ts";

/** Chooses a person's own images. */
export function FileSetting() {
  return (
    <div class="setting">
      <label for="setting-files">Your own images</label>
      <input
        id="setting-files"
        class="file-input"
        type="file"
        multiple
        aria-describedby="setting-files-help"
        onChange={({ currentTarget }) => {
          void offerFiles([...(currentTarget.files ?? [])]);
          // The same files may be chosen once more after they were changed.
          currentTarget.value = "";
        }}
      />
      <p class="setting-help" id="setting-files-help">
        Choose IDX files, or drop them anywhere on the page: images and, if you have them, their labels and
        images to validate with. Gzip is fine; files of 64 MiB or more that are not gzipped are read piece by
        piece.
      </p>
    </div>
  );
}
