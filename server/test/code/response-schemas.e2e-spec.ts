import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersOfRoutes } from '../support/response-schemas/answers-of-routes.js';
import { toSource } from '../support/response-schemas/to-source.js';

const FILE = join(__dirname, '../../src/response-schemas.generated.ts');

/** `npm run schemas` sets it. */
const isToBeWritten = process.env.OPSTAGE_WRITE_SCHEMAS === '1';

const differences = (a: string, b: string): readonly string[] => {
  const lines = new Set(b.split('\n'));
  return a.split('\n').filter((line) => !lines.has(line));
};

describe('the schemas of what routes answer', () => {
  it('are those of the types that their handlers return', () => {
    const expected = toSource(answersOfRoutes());
    if (isToBeWritten) writeFileSync(FILE, expected);
    const found = readFileSync(FILE, 'utf8');
    if (found === expected) return;
    throw new Error(
      [
        'What a handler returns, or a type of libs/contracts, has changed since the schemas were made.',
        'Run `npm run schemas` and commit server/src/response-schemas.generated.ts.',
        ...differences(expected, found).map((line) => `+ ${line}`),
        ...differences(found, expected).map((line) => `- ${line}`),
      ]
        .slice(0, 40)
        .join('\n'),
    );
  });
});
