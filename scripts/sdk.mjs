/** Builds what the server gives to authors of services, in `dist/sdk`: archives of the SDK, and `index.json` that names them. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packAgent } from './lib/agent-package.mjs';
import { inProject, readProjectJson } from './lib/project.mjs';

const FOLDER = inProject('dist', 'sdk');

const digest = (content, algorithm, encoding) => createHash(algorithm).update(content).digest(encoding);

/** An archive as `index.json` lists it: its file, its own manifest, and the digests by which npm knows it. */
const describe = (archive, manifest) => {
  const content = readFileSync(archive);
  const file = basename(archive);
  const integrity = `sha512-${digest(content, 'sha512', 'base64')}`;
  return { file, bytes: content.length, integrity, shasum: digest(content, 'sha1', 'hex'), manifest };
};

const archive = await packAgent(FOLDER);
const described = describe(archive, readProjectJson('libs/agent/package.json'));
const index = { recommended: described.file, files: [described] };
writeFileSync(join(FOLDER, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
