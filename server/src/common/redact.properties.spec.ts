import fc from 'fast-check';
import type { Json } from '#contracts';
import { redactJson, redactObject, redactSchema, redactText } from './redaction.js';

const OPTIONS = { seed: 20_261_128, numRuns: 500 } as const;
/** In no generated text by chance, and in the alphabet of every token. */
const CANARY = 'Canary_7f3a9b2c51d8e6';

const secretKey = fc
  .tuple(
    fc.constantFrom('', 'db', 'user', 'X-', 'my_', 'nested.'),
    fc.constantFrom('password', 'secret', 'token', 'apiKey', 'api-key', 'cookie', 'Authorization', 'clientSecret'),
  )
  .map(([before, word]) =>
    before === 'db' || before === 'user'
      ? `${before}${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`
      : `${before}${word}`,
  );

const credential = fc.constantFrom(
  `opstage_reg_${CANARY}`,
  `opstage_agent_${CANARY}`,
  `Bearer ${CANARY}`,
  `bearer   ${CANARY}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END RSA PRIVATE KEY-----`,
  `-----BEGIN PRIVATE KEY-----${CANARY}`,
);

/** Any JSON with a secret somewhere in it: under a key that names one, or in the middle of a text. */
const withSecret: fc.Arbitrary<Json> = fc.letrec<{ node: Json; json: Json }>((tie) => ({
  json: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(secretKey, tie('json')).map(([key, value]): Json => ({ [key]: [CANARY, value], beside: value })),
    fc.tuple(fc.string(), credential, fc.string()).map(([before, text, after]): Json => `${before} ${text} ${after}`),
    fc.tuple(tie('json'), tie('node')).map(([json, node]): Json => [json, node]),
    fc.tuple(fc.string(), tie('node')).map(([key, node]): Json => ({ [key]: node })),
    credential.map((key): Json => ({ [key]: 1 })),
  ),
})).node;

const textOf = (value: unknown): string => JSON.stringify(value);

describe('redaction, of whatever JSON there is (ASVS 5.0 14.2.1, 16.2.5)', () => {
  it('leaves no secret in, wherever it stands', () => {
    fc.assert(
      fc.property(withSecret, (json) => {
        expect(textOf(redactJson(json))).not.toContain(CANARY);
        expect(textOf(redactObject({ json }))).not.toContain(CANARY);
        expect(textOf(redactSchema({ examples: [json], properties: { a: { default: json } } }))).not.toContain(CANARY);
      }),
      OPTIONS,
    );
  });

  it('changes nothing when done again, and never fails', () => {
    fc.assert(
      fc.property(fc.oneof(withSecret, fc.jsonValue()), (json) => {
        const once = redactJson(json);
        expect(redactJson(once)).toEqual(once);
        expect(JSON.parse(textOf(once))).toEqual(once);
      }),
      OPTIONS,
    );
  });

  it('leaves texts alone that have no shape of a credential', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ,.]{0,200}$/), (text) => {
        fc.pre(!/bearer|basic/.test(text));
        expect(redactText(text)).toBe(text);
      }),
      OPTIONS,
    );
  });

  it('looks at long texts in one go, however much they resemble a credential', () => {
    for (const part of ['opstage_reg_', 'Bearer ', 'Basic A', '-----BEGIN PRIVATE KEY-----', '-----BEGIN ']) {
      const text = part.repeat(40_000);
      expect(redactText(text).length).toBeLessThanOrEqual(text.length + 10);
    }
  });
});
