import type { CpuProfile, ProfileNode } from '../server/server-profile.js';

/** Where a share of the time went. */
export interface Share {
  readonly place: string;
  readonly percent: number;
}

const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** The package, the part of the server, or the part of Node that a function belongs to. */
const partOf = ({ callFrame: { url, functionName } }: ProfileNode): string => {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, inServer] = /dist\/server\/(.+)$/.exec(url) ?? [];
  if (inServer !== undefined) return `server/${inServer}`;
  if (url.startsWith('node:')) return url;
  return functionName.startsWith('(') ? functionName : 'native';
};

const functionOf = (node: ProfileNode): string => {
  const { functionName, lineNumber, url } = node.callFrame;
  const file = url === '' ? '' : ` ${partOf(node)}:${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${file}`;
};

/** Self time in microseconds, by whatever `nameOf` gives. */
const selfTimes = (profile: CpuProfile, nameOf: (node: ProfileNode) => string): ReadonlyMap<string, number> => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const times = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const node = byId.get(id);
    if (!node || IDLE.has(node.callFrame.functionName)) continue;
    const name = nameOf(node);
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return times;
};

const largest = (times: ReadonlyMap<string, number>, count: number): readonly Share[] => {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([place, time]) => ({ place, percent: (100 * time) / total }));
};

/** The parts (packages, files of the server, modules of Node) in which the server itself spent most of its busy time. */
export const topParts = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(selfTimes(profile, partOf), count);

/** The single functions in which it spent most. */
export const topFunctions = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(selfTimes(profile, functionOf), count);
