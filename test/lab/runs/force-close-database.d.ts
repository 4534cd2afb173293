/** Closes a database abnormally, as a browser can do. fake-indexeddb has no type declaration for it. */
declare module "fake-indexeddb/lib/forceCloseDatabase" {
  export default function forceCloseDatabase(database: IDBDatabase): void;
}
