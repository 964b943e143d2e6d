import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { errorCodeOf } from '../../common/errors.js';
import type { AppConfig } from '../../config/app-config.js';
import { readCommandConfigOrExit } from '../../config/read-config.js';
import { requireInstallation } from '../server-context.js';
import { columns, note, print, UserError } from '../terminal.js';
import {
  CREDENTIAL_SHAPES,
  type Finding,
  literal,
  PASSWORD_HASH,
  scanFile,
  type SecretPattern,
} from './secret-scanner.js';

interface ScanOptions {
  readonly values?: string;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The files at or below a path; none if it does not exist, or no longer. */
const filesBelow = (path: string): string[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return entriesOf(path).flatMap((entry) =>
    entry.isDirectory() || entry.isFile() ? filesBelow(join(path, entry.name)) : [],
  );
};

const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    nullIfGone(error);
    return [];
  }
};

/** A running server removes files meanwhile, such as the drafts of backups. */
const nullIfGone = (error: unknown): null => {
  if (errorCodeOf(error) === 'ENOENT') return null;
  throw error;
};

const given = (path: string): string => {
  const file = resolve(path);
  if (!existsSync(file)) throw new UserError(`There is no file or folder ${file}.`);
  return file;
};

/** The database with its log and replaced databases, the backups, and log files in the data directory. */
const ownFiles = ({ database, dataDir, backupDir }: AppConfig): string[] => {
  const inDataDir = filesBelow(dataDir).filter((file) => /\.log(?:\.\d+)?$/.test(file));
  const databases = database.kind === 'sqlite' ? filesBelow(resolve(database.file, '..')) : [];
  const own = databases.filter((file) => file.startsWith(database.file) && isFile(file));
  return [...new Set([...own, ...filesBelow(backupDir), ...inDataDir])];
};

const isDatabase = (file: string): boolean => /\.db(?:[-.][\w.-]+)?$/.test(file);

/** One value per line; the report names the line, not the value. */
const readValues = (file: string): SecretPattern[] =>
  readFileSync(given(file), 'utf8')
    .split(/\r?\n/)
    .map((line, index) => ({ value: line.trim(), number: index + 1 }))
    .filter(({ value }) => value !== '')
    .map(({ value, number }) => literal(`line ${number} of ${file}`, value));

const report = (findings: readonly Finding[], files: number): void => {
  const kinds = Map.groupBy(findings, ({ kind }) => kind);
  const counts = [...kinds].map(([kind, found]) => [kind, String(found.length)]);
  if (counts.length > 0) print(...columns(counts), '');
  for (const { kind, file, offset } of findings) print(`${file}, byte ${offset}: ${kind}`);
  print(`${findings.length} found in ${files} files.`);
};

const scan = async (paths: readonly string[], { values }: ScanOptions): Promise<void> => {
  const more = paths.map(given);
  const config = readCommandConfigOrExit();
  requireInstallation(config);
  const secrets = config.sessionSecrets.map((secret) => literal('session secret', secret));
  const wanted = [...CREDENTIAL_SHAPES, ...secrets, ...(values === undefined ? [] : readValues(values))];
  const files = [...ownFiles(config), ...more.flatMap(filesBelow)];
  if (config.database.kind === 'postgres')
    note('The data is stored in PostgreSQL: to scan it, pass the path of a dump.');
  const findings: Finding[] = [];
  let scanned = 0;
  for (const file of files) {
    const found = await scanFile(file, isDatabase(file) ? wanted : [...wanted, PASSWORD_HASH]).catch(nullIfGone);
    findings.push(...(found ?? []));
    if (found) scanned += 1;
  }
  report(findings, scanned);
  if (findings.length > 0) process.exitCode = 1;
};

/** `opstage scan`: looks for secrets in files where they do not belong. */
export const scanCommand = (): Command =>
  new Command('scan')
    .description(
      'look for credentials in the database, its log, the backups and log files; exits with code 1 if it finds any',
    )
    .argument('[paths...]', 'more files and folders to scan, such as log folders')
    .option('--values <file>', 'also look for these values, one per line')
    .action(scan);
