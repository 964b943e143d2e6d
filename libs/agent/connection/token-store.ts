import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMissingFile, replaceFile } from '../base/private-file.js';
import type { StoredCredential, TokenStore } from '../base/types.js';

export const DEFAULT_TOKEN_FILE = './data/agent-token.json';

/** Keeps the credential in a file that only its owner can read, and replaces it atomically. */
export class FileTokenStore implements TokenStore {
  readonly path: string;

  constructor(path: string = DEFAULT_TOKEN_FILE) {
    this.path = resolve(path);
  }

  /** @throws when the file cannot be read or does not hold a credential */
  async load(): Promise<StoredCredential | null> {
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (isMissingFile(error)) return null;
      throw error;
    });
    return text === null ? null : this.parse(text);
  }

  async save(credential: StoredCredential): Promise<void> {
    await replaceFile(this.path, `${JSON.stringify(credential, null, 2)}\n`);
  }

  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }

  private parse(text: string): StoredCredential {
    // The parser's own error quotes its input, which may contain a token.
    const content = parseJson(text);
    if (!isCredential(content)) throw new Error(`${this.path} does not hold an agent's credential.`);
    return content;
  }
}

/** Keeps the credential in memory, for the lifetime of the process. */
export class MemoryTokenStore implements TokenStore {
  #credential: StoredCredential | null;

  constructor(credential: StoredCredential | null = null) {
    this.#credential = credential;
  }

  load(): Promise<StoredCredential | null> {
    return Promise.resolve(this.#credential);
  }

  save(credential: StoredCredential): Promise<void> {
    this.#credential = credential;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#credential = null;
    return Promise.resolve();
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const isCredential = (value: unknown): value is StoredCredential => {
  const fields = ['agentId', 'agentToken', 'agentCode', 'backendUrl'];
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return fields.every((field) => typeof record[field] === 'string' && record[field] !== '');
};
