import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiClient, ServerUnderTest, type Program } from '#testing';
import { DeclaredAnswers } from './declared-answers.js';

export const OWNER = { username: 'owner', password: 'correct horse battery' } as const;

/** A built server in a separate process; every answer is checked against the OpenAPI document. */
export class BuiltServer {
  private constructor(
    readonly program: Program,
    readonly api: ApiClient,
    readonly document: OpenAPIObject,
    readonly dataDir: string,
  ) {}

  static async start(dataDir: string, settings: Readonly<Record<string, string>>): Promise<BuiltServer> {
    const server = await ServerUnderTest.start({ dataDir, owner: OWNER, settings });
    const document = (await server.api.get('/api/openapi.json')).json<OpenAPIObject>();
    const declared = new DeclaredAnswers(document);
    const api = new ApiClient(server.url, (answer) => {
      const fault = declared.faultOf(answer);
      if (fault !== null) throw new Error(fault);
    });
    return new BuiltServer(server.program, api, document, dataDir);
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
