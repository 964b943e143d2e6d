import { startPostgres } from './postgres-server.mjs';

export default async () => {
  globalThis.opstagePostgres ??= await startPostgres();
};
