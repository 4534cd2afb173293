/** A file's text, as provided by Vite. */
declare module "*?raw" {
  const text: string;
  export default text;
}
