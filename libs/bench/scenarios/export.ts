import type { OwnScenario } from '../scenario.js';
import { residentBytes } from '../server/process-usage.js';
import type { Target } from '../target.js';

/** The start of each event in an export. */
const EVENT = '"id":"aud_';
const SAMPLE_MS = 50;

/** The whole audit log in one export: completeness, streaming and memory use. */
export const auditExport: OwnScenario = {
  id: 'export',
  title: 'Audit export of a filled store',
  kind: 'filled',
  async run({ installation, open, scale, profile, note }) {
    const { pid } = await installation.start({ nodeArguments: profile.nodeArguments });
    const target = await open(pid);
    const before = residentBytes(pid) ?? Number.NaN;
    const peak = watchPeak(pid);
    const { events, bytes, firstMs, totalMs } = await profile.during(() => readExport(target));
    const growth = (peak.end() - before) / 2 ** 20;
    note(`${(bytes / 2 ** 20).toFixed(0)} MB of JSON.`);
    return [
      { metric: 'events', value: events, unit: '', budget: { atLeast: scale.filled.auditEvents } },
      { metric: 'memory growth', value: growth, unit: 'MB', budget: { atMost: 64 } },
      { metric: 'first byte', value: firstMs, unit: 'ms' },
      { metric: 'all', value: totalMs / 1_000, unit: 's' },
      { metric: 'rate', value: events / (totalMs / 1_000), unit: '/s' },
    ];
  },
};

const readExport = async (target: Target) => {
  const begin = performance.now();
  const url = new URL('/api/admin/audit-events/export?format=json', target.address.url);
  const { body, status } = await fetch(url, { headers: { cookie: target.operator.cookie } });
  if (status !== 200 || !body) throw new Error(`The export returned ${status}.`);
  const decoder = new TextDecoder();
  let firstMs = Number.NaN;
  let [events, bytes, rest] = [0, 0, ''];
  for await (const part of body as ReadableStream<Uint8Array>) {
    if (bytes === 0) firstMs = performance.now() - begin;
    bytes += part.length;
    const text = rest + decoder.decode(part, { stream: true });
    events += text.split(EVENT).length - 1;
    // The start of an event may be split across two chunks.
    rest = text.slice(-(EVENT.length - 1));
  }
  return { events, bytes, firstMs, totalMs: performance.now() - begin };
};

/** Peak memory of a process between now and `end`. */
const watchPeak = (pid: number): { readonly end: () => number } => {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, residentBytes(pid) ?? Number.NaN);
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    end: () => {
      look();
      clearInterval(timer);
      return peak;
    },
  };
};
