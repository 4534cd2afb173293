/** Hands a file to the person, as browsers do: among the downloads. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has begun to read it by the next task, but not before.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
