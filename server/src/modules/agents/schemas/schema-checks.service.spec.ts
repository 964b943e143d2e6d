import type { JsonObject } from '#contracts';
import { WorkerPool } from '../../../common/worker-pool.js';
import { SchemaChecks } from './schema-checks.service.js';

const UNUSABLE = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

let checks: SchemaChecks;
let given: string[];

beforeEach(async () => {
  checks = new SchemaChecks();
  await checks.load();
  given = [];
  const run = Reflect.get(WorkerPool.prototype, 'run');
  jest.spyOn(WorkerPool.prototype, 'run').mockImplementation(function (this: WorkerPool<object>, ...task) {
    given.push(task[0]);
    return run.apply(this, task);
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await checks.onApplicationShutdown();
});

/** Tries every way to split the a's, which takes for ever. */
const evil = (number: number): JsonObject => ({ properties: { a: { pattern: `^(a+)+${number}$` } } });
const slow = { a: `${'a'.repeat(60)}!` };
const honest: JsonObject = { properties: { a: { pattern: '^[a-z]+$' } } };

describe('A check of a payload', () => {
  it('is made here when both are small', () => {
    const schema = { properties: { a: { type: 'string' } } };
    expect(checks.issuesHere({ schema, payload: { a: 'x' } })).toEqual([]);
    expect(checks.issuesHere({ schema, payload: { a: 1 } })).toEqual([{ path: 'a', message: 'must be string' }]);
  });

  it('is made aside when many parts of the schema look at many parts of the payload, though both are short', () => {
    const allOf = Array.from({ length: 300 }, () => false);
    const schema = { properties: { a: { items: { allOf } } } };
    expect(checks.issuesHere({ schema, payload: { a: Array.from({ length: 900 }, () => 0) } })).toBeNull();
  });

  it('is made once for a schema that takes too long; then the schema is refused unread', async () => {
    expect(await checks.issuesAside({ schema: evil(1), payload: slow }, ['agt_1', 'a'])).toEqual(UNUSABLE);
    const before = given.length;
    expect(await checks.issuesAside({ schema: evil(1), payload: slow }, ['agt_1', 'a'])).toEqual(UNUSABLE);
    expect(await checks.issuesAside({ schema: evil(1), payload: { a: 'b' } }, ['agt_2', 'b'])).toEqual(UNUSABLE);
    expect(given).toHaveLength(before);
  });

  it('is made before the other checks of a service that keeps the threads busy', async () => {
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    const evils = [1, 2, 3, 4].map((number) =>
      checks.issuesAside({ schema: evil(number), payload: slow }, ['agt_1', `svc ${number}`]).then(note('evil')),
    );
    const other = checks.issuesAside({ schema: honest, payload: { a: 'x' } }, ['agt_2', 'svc']).then(note('honest'));
    await Promise.all([other, ...evils]);
    // The first one had the thread when it came.
    expect(order.indexOf('honest')).toBeLessThan(2);
  });
});

describe('A judgement of a schema', () => {
  const problemOf = async (schema: JsonObject | null): Promise<string | null> =>
    (await checks.judge(schema, ['agt_1', 'svc'])).problem;

  it.each<[string, JsonObject | null]>([
    ['none', null],
    [
      'an everyday one',
      { type: 'object', properties: { a: { type: ['string', 'null'], minLength: 1 } }, required: ['a'] },
    ],
    ['one with hints', { properties: { a: { enum: [1], enumLabels: ['One'], placeholder: '1', 'x-order': 1 } } }],
  ])('needs no thread: %s', async (_, schema) => {
    expect(await problemOf(schema)).toBeNull();
    expect(given).toEqual([]);
  });

  it('needs a thread for another one, once', async () => {
    const schema = { properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'string' } } };
    expect(await problemOf(schema)).toBeNull();
    const before = given.length;
    expect(before).toBeGreaterThan(0);
    expect(await problemOf(schema)).toBeNull();
    expect(given).toHaveLength(before);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['an unknown type', { properties: { a: { type: 'text' } } }, /^\/properties\/a\/type must be/],
    ['a broken pattern', { properties: { a: { pattern: '(' } } }, /pattern|regular expression/i],
    ['a reference to nowhere', { $ref: '#/$defs/none' }, /can't resolve reference #\/\$defs\/none/],
    ['an empty choice', { properties: { a: { enum: [] } } }, /enum/],
    ['a limit that is no number', { properties: { a: { maxLength: '5' } } }, /maxLength must be integer/],
    ['a payload that is no object', { type: 'array' }, /its type is "array"/],
  ])('says why it cannot be used: %s', async (_, schema, expected) => {
    expect(await problemOf(schema)).toMatch(expected);
  });

  it('names keywords that count for nothing', async () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: {},
      dependentRequired: { a: ['b'] },
    };
    expect(await checks.judge(schema, ['agt_1', 'svc'])).toEqual({ problem: null, ignored: ['dependentRequired'] });
  });
});
