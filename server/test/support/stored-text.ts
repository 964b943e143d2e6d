import type { TestApp } from './start-test-app.js';
import { storedRows } from './stored-rows.js';

/** Everything that is stored, as one text, to prove that something is not in it. */
export const storedText = async (app: TestApp): Promise<string> =>
  Object.values(await storedRows(app))
    .flat()
    .join('\n');
