/**
 * Packs the SDK as a package of its own, `@opstage/agent`: its code, its types, and the contracts they speak of. Prints
 * the path of the archive. Run `npm run build:libs` first.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'libs');
const packed = join(root, 'dist', 'packages', 'agent');
const { version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const manifest = {
  name: '@opstage/agent',
  version,
  description: 'The agent a Capsule Service embeds to be governed by an Opstage CE server',
  license,
  type: 'module',
  engines,
  exports: { '.': { types: './agent/index.d.ts', default: './agent/index.js' } },
  // The same name the sources use; here it leads to the copy in this package.
  imports: { '#contracts': { types: './contracts/index.d.ts', default: './contracts/index.js' } },
};

rmSync(packed, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });
for (const lib of ['agent', 'contracts']) {
  cpSync(join(built, lib), join(packed, lib), {
    recursive: true,
    filter: (path) => !/[/\\]testing(?:[/\\]|$)/.test(path),
  });
}
cpSync(join(root, 'LICENSE'), join(packed, 'LICENSE'));
cpSync(join(root, 'libs', 'agent', 'README.md'), join(packed, 'README.md'));
writeFileSync(join(packed, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
const [archive] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--pack-destination', dirname(packed)], { cwd: packed, encoding: 'utf8' }),
);
process.stdout.write(`${join(dirname(packed), archive.filename)}\n`);
