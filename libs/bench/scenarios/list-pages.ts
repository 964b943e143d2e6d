import type { Pagination } from '#contracts';
import { successOf } from '#testing';
import { Latencies, type Measurement } from '../measurement.js';
import type { Scale } from '../scale.js';
import type { OwnScenario } from '../scenario.js';
import type { Target } from '../target.js';

const PAGE_SIZE = 100;
const BUDGET_MS = 25;
const WARM_UP = 3;

/** Pages of every list, one at a time, as one user reads them. */
export const listPages: OwnScenario = {
  id: 'list-pages',
  title: 'List pages of a filled store',
  kind: 'filled',
  async run({ installation, open, scale, profile, note }) {
    const { pid } = await installation.start({ nodeArguments: profile.nodeArguments });
    const target = await open(pid);
    const measurements: Measurement[] = [];
    await profile.during(async () => {
      for (const [name, path] of samePages(scale.filled)) {
        measurements.push(...(await same(target, { name, path, reads: scale.pages, budgetMs: BUDGET_MS })));
      }
      for (const { name, path, rows } of deepLists(scale.filled)) {
        const last = Math.max(1, Math.floor(rows / PAGE_SIZE) - scale.pages - WARM_UP);
        measurements.push(
          ...(await same(target, {
            name: `${name}, page ${last}`,
            path: `${path}&page=${last}`,
            reads: WARM_UP,
            budgetMs: null,
          })),
        );
        measurements.push(...(await onwards(target, name, `${path}&page=${last}`, scale.pages)));
      }
    });
    note(`Pages of ${PAGE_SIZE}; ${scale.pages} reads each, one at a time, after ${WARM_UP} warm-up reads.`);
    return measurements;
  },
};

const samePages = ({ services }: Scale['filled']): readonly (readonly [string, string])[] => [
  ['agents, first page', 'agents?'],
  ['services, first page', 'capsule-services?'],
  ['services, last page', `capsule-services?page=${Math.floor(services / PAGE_SIZE)}`],
  ['services, by status', 'capsule-services?status=UNHEALTHY'],
  ['services, search', 'capsule-services?q=service%2019'],
  ['commands, first page', 'commands?'],
  ['commands, by status', 'commands?status=FAILED'],
  ['audit, first page', 'audit-events?'],
  ['audit, by action', 'audit-events?action=command.created'],
  ['audit, failures of people', 'audit-events?actorType=USER&result=FAILURE'],
];

const deepLists = ({ commands, auditEvents }: Scale['filled']) => [
  { name: 'commands', path: 'commands?', rows: commands },
  { name: 'audit', path: 'audit-events?', rows: auditEvents },
];

const requestOf = (target: Target, path: string): string =>
  target.request('GET', `/api/admin/${path}&pageSize=${PAGE_SIZE}`.replace('?&', '?'));

const paginationOf = async (target: Target, path: string): Promise<Pagination> => {
  const { pagination } = successOf<unknown>(await target.pool.send(requestOf(target, path)));
  if (!pagination) throw new Error(`${path} is not a list.`);
  return pagination;
};

const timed = async (latencies: Latencies, work: () => Promise<unknown>): Promise<void> => {
  const begin = performance.now();
  await work();
  latencies.add(performance.now() - begin);
};

interface SamePage {
  readonly name: string;
  readonly path: string;
  readonly reads: number;
  /** Null when the reading only prepares another one. */
  readonly budgetMs: number | null;
}

/** Reads one page repeatedly. */
const same = async (target: Target, { name, path, reads, budgetMs }: SamePage): Promise<readonly Measurement[]> => {
  const request = requestOf(target, path);
  const latencies = new Latencies();
  for (let read = 0; read < WARM_UP; read += 1) await target.ask(request);
  for (let read = 0; read < reads; read += 1) await timed(latencies, () => target.ask(request));
  return [p95(name, latencies, budgetMs)];
};

/** Follows the cursor from a page near the end. */
const onwards = async (target: Target, name: string, path: string, reads: number): Promise<readonly Measurement[]> => {
  const latencies = new Latencies();
  let { nextCursor } = await paginationOf(target, path);
  for (let read = 0; read < reads && nextCursor !== undefined; read += 1) {
    const next = `${path.split('?')[0] ?? ''}?cursor=${encodeURIComponent(nextCursor)}`;
    await timed(latencies, async () => {
      ({ nextCursor } = await paginationOf(target, next));
    });
  }
  if (latencies.count === 0) throw new Error(`The list of ${name} has no cursor.`);
  return [p95(`${name}, by cursor near the end`, latencies, BUDGET_MS)];
};

const p95 = (name: string, latencies: Latencies, budgetMs: number | null): Measurement => ({
  metric: `${name} p95`,
  value: latencies.percentile(95),
  unit: 'ms',
  ...(budgetMs !== null && { budget: { atMost: budgetMs } }),
});
