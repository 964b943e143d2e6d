import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import fc from 'fast-check';
import { DomainError } from '../../src/common/errors.js';
import { findUnsafeJson } from '../../src/http/hostile-input.js';
import { strictValidation, lenientValidation, type RequestClass } from '../../src/http/validation/validation.pipe.js';
import { hostileValue } from '../support/fuzz/hostile-values.js';

const MODULES = join(__dirname, '../../src/modules');
const SEED = 20_261_128;
const RUNS = 150;

const fieldsOf = (type: RequestClass): readonly string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

/** Every class that requests are parsed into, by name. */
const requestClasses = (): readonly (readonly [string, RequestClass])[] =>
  readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.dto.ts'))
    .flatMap((file) => Object.entries(jest.requireActual<Record<string, unknown>>(join(MODULES, file))))
    .filter((entry): entry is [string, RequestClass] => typeof entry[1] === 'function')
    .filter(([, type]) => fieldsOf(type).length > 0);

const plainObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Bodies as JSON can express them: `__proto__` is an ordinary key, and there is no `undefined`. */
const bodyOf = (type: RequestClass): fc.Arbitrary<unknown> => {
  const fields = Object.fromEntries(fieldsOf(type).map((name) => [name, hostileValue]));
  const extra = fc.dictionary(
    fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString'), fc.string()),
    hostileValue,
  );
  return fc
    .tuple(fc.record(fields, { requiredKeys: [] }), fc.option(extra, { nil: {}, freq: 3 }))
    .map(([known, more]) => JSON.parse(JSON.stringify({ ...known, ...more })) as unknown)
    .filter((body) => findUnsafeJson(body) === null);
};

describe('every request (ASVS 5.0 2.2.1, 15.3.3, 15.3.6)', () => {
  const classes = requestClasses();

  it('is parsed into one of the classes tested here', () => {
    expect(classes.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'LoginBody',
        'RegisterAgentBody',
        'ReportServicesBody',
        'ListCommandsQuery',
        'AgentParams',
      ]),
    );
    expect(classes.length).toBeGreaterThan(25);
  });

  it.each(classes)(
    '%s: becomes an instance with declared fields only, or is refused with path and reason',
    (_, type) => {
      const fields = new Set(fieldsOf(type));
      const property = fc.property(bodyOf(type), fc.constantFrom(strictValidation, lenientValidation), (body, pipe) => {
        try {
          const read = pipe.transform(body, { type: 'body', metatype: type });
          if (!plainObject(read)) throw new Error('nothing was read');
          expect(read).toBeInstanceOf(type);
          // Undeclared fields are never assigned, whatever their name.
          expect(Object.keys(read as object).filter((key) => !fields.has(key))).toEqual([]);
          expect(Object.getPrototypeOf(read)).toBe(type.prototype);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          expect(error.code).toBe('VALIDATION_FAILED');
          const { issues } = error.details as { issues: readonly object[] };
          expect(issues.length).toBeGreaterThan(0);
          expect(issues.length).toBeLessThanOrEqual(50);
        }
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
        expect(Object.keys(Object.prototype)).toEqual([]);
      });
      fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
    },
  );
});
