/**
 * Builds what the server gives to authors of services, in `dist/sdk`: the archive of the Node SDK, the Python agent, and `index.json`
 * that names them.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packAgent } from './lib/agent-package.mjs';
import { inProject, readProjectJson } from './lib/project.mjs';

const FOLDER = inProject('dist', 'sdk');
const PYTHON = 'opstage_agent.py';

const digest = (content, algorithm, encoding) => createHash(algorithm).update(content).digest(encoding);

/** A file as `index.json` lists it, with the digest by which npm and browsers know it. */
const describe = (path, name, version) => {
  const content = readFileSync(path);
  const integrity = `sha512-${digest(content, 'sha512', 'base64')}`;
  return { file: basename(path), name, version, bytes: content.length, integrity };
};

const archive = await packAgent(FOLDER);
const manifest = readProjectJson('libs/agent/package.json');
const npmArchive = {
  ...describe(archive, manifest.name, manifest.version),
  npm: { manifest, shasum: digest(readFileSync(archive), 'sha1', 'hex') },
};
copyFileSync(inProject('libs', 'python', PYTHON), join(FOLDER, PYTHON));
const files = [npmArchive, describe(join(FOLDER, PYTHON), 'opstage_agent', manifest.version)];
const index = { recommended: npmArchive.file, files };
writeFileSync(join(FOLDER, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
