import { MemoryTokenStore } from './connection/token-store.js';
import { CapsuleAgent } from './index.js';
import type { JSONSchema } from './testing/json-schema.js';

interface Row {
  sku: string;
  count: number;
}

interface Queue {
  waiting: number;
}

class Order {
  constructor(readonly id: number) {}
}

const rows: Row[] = [{ sku: 'A', count: 1 }];
const queue: Queue = { waiting: 1 };
const schema: JSONSchema = { type: 'object', properties: { sku: { type: 'string' } } };
const work = (): void => undefined;
const workLater = (): Promise<void> => Promise.resolve();

const anAgent = (): CapsuleAgent =>
  new CapsuleAgent({
    backendUrl: 'http://127.0.0.1:1',
    agent: { code: 'typed' },
    service: { code: 'typed', name: 'Typed' },
    tokenStore: new MemoryTokenStore(),
  });

describe('The types of the SDK', () => {
  it('take what ordinary TypeScript has: interfaces, classes, lists and nothing', () => {
    const named = (name: string) => ({ name, label: name });
    const agent = anAgent()
      .health(() => ({ status: 'UP', details: queue }))
      .configs([{ key: 'queue', type: 'object', valuePreview: queue }])
      .action({ ...named('rows'), inputSchema: schema }, () => ({ rows }))
      .action({ ...named('prepared'), prepare: () => ({ initialPayload: queue, inputSchema: schema }) }, () => rows)
      .action(named('class'), () => Promise.resolve(new Order(7)))
      .action(named('outcome'), () => ({ message: 'Done.', data: queue }))
      .action(named('failure'), () => ({ success: false, error: new Error('No.') }))
      .action(named('text'), () => 'done')
      .action(named('nothing'), work)
      .action(named('nothing-later'), workLater)
      .action(named('nothing-at-all'), async () => {
        await workLater();
      });
    expect(() => agent.action(named('text'), work)).toThrow('already has an action');
  });

  it.each<[string, object]>([
    ['intervals.heartbeatSeconds', { intervals: { heartbeatSeconds: Number.NaN } }],
    ['intervals.pollSeconds', { intervals: { pollSeconds: '5' } }],
    ['timeouts.stopSeconds', { timeouts: { stopSeconds: -1 } }],
    ['maxConcurrentCommands', { maxConcurrentCommands: 0 }],
  ])('cannot say it all: %s is checked when the agent is made', (name, options) => {
    const base = { backendUrl: 'http://127.0.0.1:1', agent: { code: 'a' }, service: { code: 'a', name: 'A' } };
    expect(() => new CapsuleAgent({ ...base, ...options })).toThrow(`${name} must be`);
  });
});
