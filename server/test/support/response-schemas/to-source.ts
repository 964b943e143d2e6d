import type { Answers } from './answers-of-routes.js';

const MAX_LINE = 110;

/** JSON with a line for each part that fits on one, so that a change shows as what it is. */
const toLines = (value: unknown, indent = ''): string => {
  const whole = JSON.stringify(value);
  if (indent.length + whole.length <= MAX_LINE || typeof value !== 'object' || value === null) return whole;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${deeper}${toLines(item, deeper)},\n`).join('')}${indent}]`;
  }
  const fields = Object.entries(value).map(
    ([key, one]) => `${deeper}${JSON.stringify(key)}: ${toLines(one, deeper)},\n`,
  );
  return `{\n${fields.join('')}${indent}}`;
};

/** The text of `response-schemas.generated.ts`. */
export const toSource = ({ answers, schemas }: Answers): string =>
  [
    '// Made by `npm run schemas` from the types that handlers return; not to be edited.',
    "import type { JsonObject } from '#contracts';",
    '',
    '/** What each handler answers, by `Controller_handler`. */',
    `export const ANSWERS: { readonly [handler: string]: JsonObject } = ${toLines(answers)};`,
    '',
    '/** What the answers refer to, by name. */',
    `export const SCHEMAS: { readonly [name: string]: JsonObject } = ${toLines(schemas)};`,
    '',
  ].join('\n');
