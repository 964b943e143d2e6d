import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { AppConfig } from '../../config/app-config.js';
import { readConfigOrExit } from '../../config/read-config.js';
import { columns, note, print } from '../terminal.js';
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

const filesBelow = (path: string): string[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() || entry.isFile() ? filesBelow(join(path, entry.name)) : [],
  );
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
  if (config.database.kind === 'postgres')
    note('The data is stored in PostgreSQL: to scan it, pass the path of a dump.');
  const findings: Finding[] = [];
  for (const file of files) {
    findings.push(...(await scanFile(file, isDatabase(file) ? wanted : [...wanted, PASSWORD_HASH])));
  }
  report(findings, files.length);
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
