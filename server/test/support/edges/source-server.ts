import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ServerUnderTest } from '#testing';

const ROOT = join(__dirname, '..', '..', '..', '..');
const HOOKS = pathToFileURL(join(ROOT, 'libs', 'testing', 'run-typescript.mjs')).href;

/** Runs the server's sources: `ServerUnderTest.start` takes it in place of what was built. */
export const SOURCE_SERVER = {
  program: join(ROOT, 'server', 'src', 'main.ts'),
  nodeArguments: ['--conditions=source', `--import=${HOOKS}`],
} as const;

interface SourceServerOptions {
  readonly dataDir: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
}

/** Starts the server from its sources as a process of its own, which the caller stops. */
export const startSourceServer = async ({
  dataDir,
  settings = {},
  nodeArguments = [],
}: SourceServerOptions): Promise<ServerUnderTest> => {
  const server = await ServerUnderTest.create({ dataDir, settings });
  const { program } = SOURCE_SERVER;
  await server.start({ program, nodeArguments: [...SOURCE_SERVER.nodeArguments, ...nodeArguments] });
  return server;
};
