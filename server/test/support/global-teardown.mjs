export default async () => {
  await globalThis.opstagePostgres?.stop();
  globalThis.opstagePostgres = undefined;
};
