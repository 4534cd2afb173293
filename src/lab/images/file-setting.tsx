import { FolderButton } from "./folder-button.tsx";
import { offerAny } from "./own-pictures-control.ts";

/** Chooses a person's own images. */
export function FileSetting() {
  return (
    <div class="setting">
      <label for="setting-files">Your own images</label>
      <div class="file-buttons">
        <input
          id="setting-files"
          class="file-input"
          type="file"
          multiple
          aria-describedby="setting-files-help"
          onChange={({ currentTarget }) => {
            void offerAny([...(currentTarget.files ?? [])]);
            // The same files may be chosen once more after they were changed.
            currentTarget.value = "";
          }}
        />
        <FolderButton />
      </div>
      <p class="setting-help" id="setting-files-help">
        Choose IDX files, pictures or a folder of pictures, or drop them anywhere on the page. IDX files hold
        images and, if you have them, their labels and images to validate with; gzip is fine, and files of 64
        MiB or more that are not gzipped are read piece by piece. Pictures of any size become small and grey,
        as you choose; folders in the folder are labels.
      </p>
    </div>
  );
}
