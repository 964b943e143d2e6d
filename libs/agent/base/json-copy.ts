import type { Json } from '../../contracts/index.js';
import { codeOf, isError, messageOf } from './thrown.js';

/** Stands in the copy for what cannot be sent. */
export const NOT_SENT = '[not sent]';

const MAX_NODES = 500_000;
const MAX_CHARACTERS = 20_000_000;
const MAX_BINARY_BYTES = 1_000_000;
const MAX_DEPTH = 100;
const MAX_CHANGES = 20;

/** What a copy does not hold as it was, and why. */
export interface Change {
  /** Dotted, such as `data.rows.0.id`. */
  readonly path: string;
  readonly problem: string;
}

export interface JsonCopy {
  /** Undefined for what JSON leaves out: `undefined`, functions and symbols. */
  readonly value: Json | undefined;
  /** The first twenty. */
  readonly changes: readonly Change[];
}

const INEXACT = 'sent as text, because JSON readers cannot hold this number exactly';

/**
 * Copies anything into plain JSON, as `JSON.stringify` would, but never throws: what cannot be sent (cycles, throwing
 * getters, revoked proxies, what is too large) is replaced and named, and so are numbers that JSON readers would change.
 * Errors keep their message, maps and sets their content.
 */
export const copyAsJson = (value: unknown, path: string): JsonCopy => {
  const copier = new Copier();
  return { value: copier.copy(value, path), changes: copier.changes };
};

/** Changes as one line for a log or an operator; empty without any. */
export const describeChanges = (changes: readonly Change[]): string =>
  changes.map(({ path, problem }) => `${path} ${problem}`).join('; ');

class Copier {
  readonly changes: Change[] = [];
  private nodes = 0;
  private characters = 0;
  private readonly ancestors = new Set<object>();

  copy(value: unknown, path: string): Json | undefined {
    try {
      return this.copyOf(value, path);
    } catch (error) {
      return this.replace(path, `was left out, because it cannot be read (${messageOf(error)})`, NOT_SENT);
    }
  }

  private copyOf(value: unknown, path: string): Json | undefined {
    switch (typeof value) {
      case 'string':
        return this.text(value, path);
      case 'boolean':
        return value;
      case 'number':
        return isExact(value) ? value : this.replace(path, `was ${INEXACT}`, String(value));
      case 'bigint':
        return this.replace(path, `was ${INEXACT}`, String(value));
      case 'object':
        return value === null ? null : this.object(value, path);
      default:
        return undefined;
    }
  }

  private text(text: string, path: string): string {
    this.characters += text.length;
    return this.characters > MAX_CHARACTERS ? this.tooLarge(path) : text;
  }

  private object(value: object, path: string): Json | undefined {
    this.nodes += 1;
    if (this.nodes > MAX_NODES) return this.tooLarge(path);
    if (this.ancestors.has(value)) return this.replace(path, 'was left out, because it contains itself', NOT_SENT);
    if (this.ancestors.size >= MAX_DEPTH)
      return this.replace(path, `was left out, because it is nested more than ${MAX_DEPTH} deep`, NOT_SENT);
    this.ancestors.add(value);
    try {
      return this.content(value, path);
    } finally {
      this.ancestors.delete(value);
    }
  }

  private content(value: object, path: string): Json | undefined {
    if (ArrayBuffer.isView(value) && value.byteLength > MAX_BINARY_BYTES) return this.tooLarge(path);
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === 'function') {
      const converted: unknown = toJSON.call(value, path.split('.').at(-1) ?? '');
      return isContainer(converted) ? this.members(converted, path) : this.copyOf(converted, path);
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt)
      return this.copyOf(value.valueOf(), path);
    return this.members(value, path);
  }

  private members(value: object, path: string): Json {
    if (Array.isArray(value)) return this.items(value, path);
    if (value instanceof Set) return this.items([...value], path);
    if (value instanceof Map)
      return this.fields([...value.keys()], (key) => (value as Map<unknown, unknown>).get(key), path);
    const own = this.fields(Object.keys(value), (key) => Reflect.get(value, key as string) as unknown, path);
    return isError(value) ? { name: value.name, message: messageOf(value), ...codeField(value), ...own } : own;
  }

  private items(list: readonly unknown[], path: string): Json {
    const items: Json[] = [];
    for (let index = 0; index < list.length; index += 1) {
      this.nodes += 1;
      if (this.nodes > MAX_NODES) return [...items, this.tooLarge(path)];
      const place = `${path}.${index}`;
      items.push(this.member(() => list[index], place) ?? null);
    }
    return items;
  }

  private fields(keys: readonly unknown[], read: (key: unknown) => unknown, path: string): { [key: string]: Json } {
    const fields: [string, Json][] = [];
    for (const key of keys) {
      this.nodes += 1;
      const name = typeof key === 'string' ? key : messageOf(key);
      const item = this.member(() => read(key), `${path}.${name}`);
      if (item !== undefined) fields.push([name, item]);
      if (this.nodes > MAX_NODES) break;
    }
    return Object.fromEntries(fields);
  }

  private member(read: () => unknown, path: string): Json | undefined {
    try {
      return this.copyOf(read(), path);
    } catch (error) {
      return this.replace(path, `was left out, because it cannot be read (${messageOf(error)})`, NOT_SENT);
    }
  }

  private tooLarge(path: string): string {
    return this.replace(path, 'was left out, because the whole is too large', NOT_SENT);
  }

  private replace(path: string, problem: string, replacement: string): string {
    if (this.changes.length < MAX_CHANGES) this.changes.push({ path, problem });
    return replacement;
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether every JSON reader holds this number as it is. */
const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const codeField = (error: Error): { code?: string } => {
  const code = codeOf(error);
  return code === null ? {} : { code };
};
