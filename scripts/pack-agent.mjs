/**
 * Installs the SDK's archive in an empty folder, without a network, to prove that it works there: imports it, and compiles a program
 * against its types. Prints the path of the archive. Run `npm run build:libs` first.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm, packAgent } from './lib/agent-package.mjs';
import { inProject } from './lib/project.mjs';

const CONSUMER = `import { CapsuleAgent, type CapsuleAgentOptions, type Health } from '@opstage/agent';
const options: CapsuleAgentOptions = { backendUrl: 'http://127.0.0.1', agent: { code: 'a' }, service: { code: 's', name: 'S' } };
const health: Health = { status: 'UP' };
new CapsuleAgent(options).health(() => health);
`;

const RESOLUTIONS = [
  ['--module', 'nodenext'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
];

/** Installs the archive outside the repository, imports it, and compiles a program against its types. */
const verify = (archive) => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-agent-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    npm(['install', '--offline', '--no-audit', '--no-fund', archive], folder);
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const options = ['--strict', '--exactOptionalPropertyTypes', '--target', 'es2023', '--lib', 'es2023'];
    const types = ['--types', 'node', '--typeRoots', inProject('node_modules', '@types')];
    const tsc = inProject('node_modules', 'typescript', 'bin', 'tsc');
    for (const resolution of RESOLUTIONS) {
      const args = [tsc, ...options, ...resolution, ...types, 'consumer.ts'];
      execFileSync(process.execPath, args, { cwd: folder, stdio: 'inherit' });
      execFileSync(process.execPath, ['consumer.js'], { cwd: folder, stdio: 'inherit' });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const archive = await packAgent(inProject('dist', 'packages'));
verify(archive);
process.stdout.write(`${archive}\n`);
