import type { TestApp } from './start-test-app.js';
import { storedRows } from './stored-rows.js';

/** Everything in the database as one text, to prove that it does not contain something. */
export const storedText = async (app: TestApp): Promise<string> =>
  Object.values(await storedRows(app))
    .flat()
    .join('\n');
