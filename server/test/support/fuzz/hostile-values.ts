import fc from 'fast-check';

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { a: [nested(depth - 1)] });

/** Texts that break programs: control characters, bidi, lone surrogates, script, SQL, paths, formats. */
const TEXTS = [
  '',
  ' ',
  '\0',
  '\u202Egnp.exe',
  '\u2066\u2067\u2069',
  '\uD800',
  '𝒳🧪é\u0301',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  "'; DROP TABLE users; --",
  '%_\\',
  '../../etc/passwd',
  '${7*7}{{7*7}}',
  '2026-02-30T25:61:61Z',
  '9'.repeat(400),
  'x'.repeat(20_000),
  '__proto__',
  'constructor',
] as const;

/** Values at and beyond the bounds of every type. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...TEXTS) },
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53 + 2),
  fc.constantFrom<unknown>([], {}, [[]], [null], { constructor: { name: 'x' } }, { toString: 'x', then: 1 }),
  fc.constantFrom<unknown>(
    nested(20),
    nested(40),
    Array.from({ length: 2_000 }, (_, i) => i),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** {@link hostileValue} as part of a URL. */
export const hostileText: fc.Arbitrary<string> = fc
  .oneof(fc.constantFrom<string>(...TEXTS), fc.string({ unit: 'binary', maxLength: 100 }))
  .map((text) => text.slice(0, 2_000));
