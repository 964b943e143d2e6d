/**
 * Writes the bill of materials of the production packages, `dist/sbom.cdx.json` (CycloneDX 1.5, by `npm sbom`), from the lock
 * file: independent of what is installed, and for every platform. Prints the path.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject, readProjectJson } from './lib/project.mjs';

/**
 * The manifest and its lock without development packages. `npm sbom --omit dev` also omits packages that production and
 * development share, and thus most of them (npm 11.19). TypeScript is only an optional peer, and the image removes it.
 */
const productionOnly = () => {
  const manifest = readProjectJson('package.json');
  delete manifest.devDependencies;
  const lock = readProjectJson('package-lock.json');
  const isShipped = ([path, { dev = false, devOptional = false }]) => path === '' || !(dev || devOptional);
  const packages = Object.fromEntries(Object.entries(lock.packages).filter(isShipped));
  delete packages[''].devDependencies;
  return { 'package.json': manifest, 'package-lock.json': { ...lock, packages } };
};

const folder = mkdtempSync(join(tmpdir(), 'opstage-sbom-'));
try {
  for (const [name, content] of Object.entries(productionOnly()))
    writeFileSync(join(folder, name), JSON.stringify(content));
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const sbom = JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 }));
  // npm names it after the folder.
  sbom.metadata.component.name = 'opstage-ce';
  const file = inProject('dist', 'sbom.cdx.json');
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
  process.stdout.write(`${file}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
