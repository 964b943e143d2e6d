import { Command, InvalidArgumentError } from 'commander';
import type { SafetyStatus } from '#contracts';
import { readCommandConfig, requireInstallation } from '../server-context.js';
import { print } from '../terminal.js';
import { type Check, checkFiles } from './checks.js';
import { checkProxy } from './proxy-check.js';
import { checkSafety } from './safety-checks.js';

const MARKS: Readonly<Record<SafetyStatus, string>> = {
  OK: '  ok     ',
  NOTICE: '- notice ',
  UNKNOWN: '? unknown',
  WARNING: '! warning',
  CRITICAL: 'X FAULT  ',
};
const INDENT = ' '.repeat(11);
const MAX_HOLD_SECONDS = 55;

interface DoctorOptions {
  readonly url?: string;
  readonly hold: number;
}

const holdSeconds = (text: string): number => {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_HOLD_SECONDS) return seconds;
  throw new InvalidArgumentError(`Enter whole seconds, 1 to ${MAX_HOLD_SECONDS}.`);
};

const httpAddress = (text: string): string => {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('Enter a URL that begins with http:// or https://.');
};

const printCheck = ({ status, found, whyItMatters, whatToDo, details = [] }: Check): void => {
  print(`${MARKS[status]}  ${found}`);
  if (status === 'OK') return;
  for (const { name } of details) print(`${INDENT}  ${name}`);
  for (const line of [whyItMatters, whatToDo]) if (line) print(`${INDENT}${line}`);
};

const examine = async ({ url, hold }: DoctorOptions): Promise<void> => {
  const config = readCommandConfig();
  requireInstallation(config);
  const checks = [
    ...(await checkSafety(config)),
    ...(await checkFiles(config)),
    ...(url === undefined ? [] : await checkProxy(url, hold, config)),
  ];
  for (const check of checks) printCheck(check);
  const count = (wanted: SafetyStatus): number => checks.filter(({ status }) => status === wanted).length;
  print(
    '',
    `${count('CRITICAL')} faults, ${count('WARNING')} warnings, ${count('NOTICE')} notices, ` +
      `${count('UNKNOWN')} unknown, ${count('OK')} ok.`,
  );
  if (count('CRITICAL') > 0) process.exitCode = 1;
};

/** `opstage doctor`: checks whether this installation is safe, and says what to do where it is not. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('check whether the installation is safe; exits with code 1 if something needs fixing')
    .option(
      '--url <url>',
      'also check whether agents and the console work through the proxy at this address; enrols an agent and revokes it, and creates a user and disables it',
      httpAddress,
    )
    .option('--hold <seconds>', 'how long the request takes', holdSeconds, MAX_HOLD_SECONDS)
    .action(examine);
