import type { CpuProfile, ProfileNode } from '../server/server-profile.js';

/** Where a share of the time went. */
export interface Share {
  readonly place: string;
  readonly percent: number;
}

const IN_SERVER = /dist\/server\/(.+)$/;
const IDLE = new Set(['(idle)', '(program)', '(root)']);

type Callers = ReadonlyMap<number, ProfileNode>;
type Naming = (node: ProfileNode, callers: Callers) => string;

const NOBODY: Callers = new Map();

/** The package, the part of the server, or the part of Node that a function belongs to. */
const partOf: Naming = ({ id, callFrame: { url, functionName } }, callers) => {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, inServer] = IN_SERVER.exec(url) ?? [];
  if (inServer !== undefined) return `server/${inServer}`;
  if (url.startsWith('node:')) return url;
  if (functionName.startsWith('(')) return functionName;
  // A native function has no address of its own: whoever calls it says more.
  const caller = callers.get(id);
  return caller ? `native under ${partOf(caller, NOBODY)}` : 'native';
};

const fileOf = (node: ProfileNode): string => {
  const { url } = node.callFrame;
  const part = partOf(node, NOBODY);
  return url.includes('/node_modules/') ? `${part}/${url.slice(url.lastIndexOf('/') + 1)}` : part;
};

const functionOf: Naming = (node, callers) => {
  const { functionName, lineNumber, url } = node.callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url !== '') return `${name} ${fileOf(node)}:${lineNumber + 1}`;
  const caller = callers.get(node.id);
  return caller && !name.startsWith('(garbage') ? `native ${name} under ${functionOf(caller, NOBODY)}` : name;
};

/** The nearest function of the server that stands above a sample; of what runs on its own, the part. */
const ownerOf: Naming = (node, callers) => {
  for (let one: ProfileNode | undefined = node; one; one = callers.get(one.id)) {
    if (IN_SERVER.test(one.callFrame.url)) return functionOf(one, NOBODY);
  }
  return `(${partOf(node, callers)})`;
};

const callersIn = ({ nodes }: CpuProfile): Callers =>
  new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));

/** Busy microseconds by whatever `nameOf` gives. */
const times = (profile: CpuProfile, nameOf: Naming): ReadonlyMap<string, number> => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const callers = callersIn(profile);
  const sums = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const node = byId.get(id);
    if (!node || IDLE.has(node.callFrame.functionName)) continue;
    const name = nameOf(node, callers);
    sums.set(name, (sums.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return sums;
};

const largest = (sums: ReadonlyMap<string, number>, count: number): readonly Share[] => {
  const total = [...sums.values()].reduce((sum, time) => sum + time, 0);
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([place, time]) => ({ place, percent: (100 * time) / total }));
};

/** The parts (packages, files of the server, modules of Node) in which the server itself spent most of its busy time. */
export const topParts = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(times(profile, partOf), count);

/** The single functions in which it spent most. */
export const topFunctions = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(times(profile, functionOf), count);

/** The functions of the server on whose behalf most was spent, whatever libraries they went through. */
export const topOwners = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(times(profile, ownerOf), count);
