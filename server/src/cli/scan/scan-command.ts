import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { AppConfig } from '../../config/app-config.js';
import { readConfigOrExit } from '../../config/read-config.js';
import { columns, note, print } from '../terminal.js';
import {
  CREDENTIAL_SHAPES,
  literal,
  type Finding,
  PASSWORD_HASH,
  scanFile,
  type SecretPattern,
} from './secret-scanner.js';

interface ScanOptions {
  readonly values?: string;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const filesBelow = (path: string): string[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() || entry.isFile() ? filesBelow(join(path, entry.name)) : [],
  );
};

/** The database with its log and what it replaced, the backups, and log files in the data directory. */
const ownFiles = ({ database, dataDir, backupDir }: AppConfig): string[] => {
  const inDataDir = filesBelow(dataDir).filter((file) => /\.log(?:\.\d+)?$/.test(file));
  const databases = database.kind === 'sqlite' ? filesBelow(resolve(database.file, '..')) : [];
  const own = databases.filter((file) => file.startsWith(database.file) && isFile(file));
  return [...new Set([...own, ...filesBelow(backupDir), ...inDataDir])];
};

const isDatabase = (file: string): boolean => /\.db(?:[-.][\w.-]+)?$/.test(file);

/** One a line; the report names the line, not what stands there. */
const readValues = (file: string): SecretPattern[] =>
  readFileSync(file, 'utf8')
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
  const config = readConfigOrExit();
  const secrets = config.sessionSecrets.map((secret) => literal('session secret', secret));
  const wanted = [...CREDENTIAL_SHAPES, ...secrets, ...(values === undefined ? [] : readValues(values))];
  const files = [...ownFiles(config), ...paths.flatMap((path) => filesBelow(resolve(path)))];
  if (config.database.kind === 'postgres') note('The data is in PostgreSQL: scan a dump of it, by its path.');
  const findings: Finding[] = [];
  for (const file of files) {
    findings.push(...(await scanFile(file, isDatabase(file) ? wanted : [...wanted, PASSWORD_HASH])));
  }
  report(findings, files.length);
  if (findings.length > 0) process.exitCode = 1;
};

/** `opstage scan`: whether anything that is secret lies where it should not. */
export const scanCommand = (): Command =>
  new Command('scan')
    .description(
      'look for credentials in the database, its log, the backups and log files; exit code 1 when there are any',
    )
    .argument('[paths...]', 'more files and folders to look into, such as where the logs go')
    .option('--values <file>', 'look for these values too, one a line')
    .action(scan);
