/** The meanings of common file-system errors, as the end of a sentence. */
const faults: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "there is a file of that name already",
  EFBIG: "it is larger than the file system allows",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is not a folder",
  ENOTEMPTY: "it is a folder that is not empty",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
};

/** Why a file could not be read or written; rethrows an error that is not from the file system. */
export function fileFault(error: unknown): string {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
  return faults[error.code] ?? `the system reports ${error.code}`;
}
