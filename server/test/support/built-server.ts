import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiClient, freePort, Program } from '#testing';
import { DeclaredAnswers } from './declared-answers.js';

export const OWNER = { username: 'owner', password: 'correct horse battery' } as const;

/** A built server, running as a process of its own; every answer is checked against what it declares. */
export class BuiltServer {
  private constructor(
    readonly program: Program,
    readonly api: ApiClient,
    readonly document: OpenAPIObject,
    readonly dataDir: string,
  ) {}

  static async start(dataDir: string, settings: Readonly<Record<string, string>>): Promise<BuiltServer> {
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const unchecked = new ApiClient(baseUrl);
    const program = new Program('server/main.js', [], {
      OPSTAGE_DATA_DIR: dataDir,
      OPSTAGE_PORT: String(port),
      OPSTAGE_ADMIN_USERNAME: OWNER.username,
      OPSTAGE_ADMIN_PASSWORD: OWNER.password,
      ...settings,
    });
    await program.ready(async () => (await unchecked.get('/health')).status === 200);
    const document = (await unchecked.get('/api/openapi.json')).json<OpenAPIObject>();
    const declared = new DeclaredAnswers(document);
    const api = new ApiClient(baseUrl, (answer) => {
      const fault = declared.faultOf(answer);
      if (fault !== null) throw new Error(fault);
    });
    return new BuiltServer(program, api, document, dataDir);
  }

  /** Every file of its data directory, by name. */
  files(): ReadonlyMap<string, string> {
    const entries = readdirSync(this.dataDir, { recursive: true, withFileTypes: true });
    return new Map(
      entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')] as const),
    );
  }
}
