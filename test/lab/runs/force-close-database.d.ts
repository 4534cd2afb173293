/** Closes a database as a browser does that has lost it; fake-indexeddb declares no types for this. */
declare module "fake-indexeddb/lib/forceCloseDatabase" {
  export default function forceCloseDatabase(database: IDBDatabase): void;
}
