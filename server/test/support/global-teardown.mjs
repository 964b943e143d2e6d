import { rmSync } from 'node:fs';

export default async () => {
  await globalThis.opstagePostgres?.stop();
  globalThis.opstagePostgres = undefined;
  const templates = process.env.OPSTAGE_TEST_TEMPLATES;
  if (templates) rmSync(templates, { recursive: true, force: true });
};
