/**
 * Makes the release of this checkout in `dist/release`, or in the folder of its argument: the folder `app`, of which everything else is packed, the archive with
 * its own Node, the npm package, the bill of materials and the checksums. Runs `npm run build` for what is stale.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildPart, staleParts } from './lib/build.mjs';
import { PlainError, runScript, say } from './lib/entry.mjs';
import { findNode } from './lib/find-node.mjs';
import { inProject, readProjectJson } from './lib/project.mjs';
import { quietly } from './lib/quietly.mjs';
import { addNativePackages, writeApp } from './release/app.mjs';
import { packForNpm, packStandalone, writeSums } from './release/archives.mjs';
import { releaseSeconds } from './release/revision.mjs';

const OUT = resolve(process.argv[2] ?? inProject('dist', 'release'));
const MIB = 2 ** 20;

const sbom = () => {
  execFileSync(process.execPath, [inProject('scripts', 'sbom.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const bill = readProjectJson('dist/sbom.cdx.json');
  // npm writes the time of the run and a random number: nothing of that is about the release.
  bill.metadata.timestamp = new Date(releaseSeconds() * 1000).toISOString();
  delete bill.serialNumber;
  const file = join(OUT, `opstage-ce-${readProjectJson('package.json').version}.cdx.json`);
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  return file;
};

await runScript(async () => {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new PlainError('A release is made on Linux on x64.');
  const node = findNode();
  for (const part of staleParts()) {
    say(`Building ${part.name}…`);
    await buildPart(part, node, quietly);
  }
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  say('Bundling…');
  const app = join(OUT, 'app');
  await writeApp(app);
  addNativePackages(app);
  say('Packing…');
  const files = [packStandalone(app, OUT), packForNpm(app, OUT), sbom()];
  writeSums(files, OUT);
  for (const file of files) say(`${relative(inProject(), file)}  ${(statSync(file).size / MIB).toFixed(1)} MiB`);
});
