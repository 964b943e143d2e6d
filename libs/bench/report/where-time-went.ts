import type { CpuProfile, ProfileNode } from '../server/server-profile.js';

/** A share of the time. */
export interface Share {
  readonly place: string;
  readonly percent: number;
}

const IN_SERVER = /dist\/server\/(.+)$/;
const IDLE = new Set(['(idle)', '(program)', '(root)']);

type Callers = ReadonlyMap<number, ProfileNode>;
type Naming = (node: ProfileNode, callers: Callers) => string;

const NO_CALLERS: Callers = new Map();

/** The package, the part of the server, or the part of Node that a function belongs to. */
const partOf: Naming = ({ id, callFrame: { url, functionName } }, callers) => {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, inServer] = IN_SERVER.exec(url) ?? [];
  if (inServer !== undefined) return `server/${inServer}`;
  if (url.startsWith('node:')) return url;
  if (functionName.startsWith('(')) return functionName;
  // Native functions have no file: attribute them to their caller.
  const caller = callers.get(id);
  return caller ? `native under ${partOf(caller, NO_CALLERS)}` : 'native';
};

const fileOf = (node: ProfileNode): string => {
  const { url } = node.callFrame;
  const part = partOf(node, NO_CALLERS);
  return url.includes('/node_modules/') ? `${part}/${url.slice(url.lastIndexOf('/') + 1)}` : part;
};

const functionOf: Naming = (node, callers) => {
  const { functionName, lineNumber, url } = node.callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url !== '') return `${name} ${fileOf(node)}:${lineNumber + 1}`;
  const caller = callers.get(node.id);
  return caller && !name.startsWith('(garbage') ? `native ${name} under ${functionOf(caller, NO_CALLERS)}` : name;
};

/** The nearest server function above a sample; without one, the part itself. */
const ownerOf: Naming = (node, callers) => {
  for (let one: ProfileNode | undefined = node; one; one = callers.get(one.id)) {
    if (IN_SERVER.test(one.callFrame.url)) return functionOf(one, NO_CALLERS);
  }
  return `(${partOf(node, callers)})`;
};

const callersIn = ({ nodes }: CpuProfile): Callers =>
  new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));

/** Busy microseconds, grouped by `nameOf`. */
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

/** The parts (packages, server files, Node modules) with the most busy time. */
export const topParts = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(times(profile, partOf), count);

/** The functions with the most busy time. */
export const topFunctions = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(times(profile, functionOf), count);

/** The server functions with the most busy time, including the libraries they call. */
export const topOwners = (profile: CpuProfile, count: number): readonly Share[] =>
  largest(times(profile, ownerOf), count);
