import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMissingFile, replaceFile } from '../base/private-file.js';
import type { StoredCredential, TokenStore } from '../base/types.js';

export const DEFAULT_TOKEN_FILE = './data/agent-token.json';

/** More than a server asks for. */
const KEY_BYTES = 32;
const KEY = /^[\w-]{22,200}$/;

/** Where an agent keeps its token unless its service says: a file of its own, or the one that earlier versions used. */
export const defaultTokenFile = (agentCode: string): string => {
  try {
    const content = parseJson(readFileSync(resolve(DEFAULT_TOKEN_FILE), 'utf8'));
    if (isCredential(content) && content.agentCode === agentCode) return DEFAULT_TOKEN_FILE;
  } catch {
    // The usual case: there is none.
  }
  return `./data/${agentCode}.agent-token.json`;
};

/** The path of a file beside a token file. */
export const besideTokenFile = (tokenFile: string, ending: string): string =>
  `${tokenFile.replace(/\.json$/, '')}.${ending}`;

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

  /** @throws when the file cannot be written, or holds the token of another agent */
  async save(credential: StoredCredential): Promise<void> {
    await this.refuseOtherAgent(credential.agentCode);
    await replaceFile(this.path, `${JSON.stringify(credential, null, 2)}\n`);
    await rm(this.keyPath, { force: true }).catch(() => undefined);
  }

  /** Writes a key beside the token file, which also proves that the folder can be written. @throws like `save` */
  async prepare(agentCode: string): Promise<string> {
    await this.refuseOtherAgent(agentCode);
    const stored = parseJson(await readFile(this.keyPath, 'utf8').catch(() => ''));
    const { enrolmentKey } = (stored ?? {}) as { readonly enrolmentKey?: unknown };
    const isUsable = typeof enrolmentKey === 'string' && KEY.test(enrolmentKey);
    const key = isUsable ? enrolmentKey : randomBytes(KEY_BYTES).toString('base64url');
    await replaceFile(this.keyPath, `${JSON.stringify({ enrolmentKey: key }, null, 2)}\n`);
    return key;
  }

  /** Deletes the credential. */
  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }

  private get keyPath(): string {
    return besideTokenFile(this.path, 'enrolment.json');
  }

  /** Two agents in one folder must not overwrite each other's token. */
  private async refuseOtherAgent(agentCode: string): Promise<void> {
    const stored = await this.load().catch(() => null);
    if (stored && stored.agentCode !== agentCode)
      throw new Error(
        `${this.path} holds the token of agent ${stored.agentCode}. Give agent ${agentCode} a token file of its own, or delete this one.`,
      );
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

  /** Forgets the credential. */
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

/** Whether a value, of plain JSON, is a credential. */
export const isCredential = (value: unknown): value is StoredCredential => {
  const fields = ['agentId', 'agentToken', 'agentCode', 'backendUrl'];
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return fields.every((field) => typeof record[field] === 'string' && record[field] !== '');
};
