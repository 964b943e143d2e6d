import { Command, InvalidArgumentError } from 'commander';
import type { SafetyStatus } from '#contracts';
import { readConfigOrExit } from '../../config/read-config.js';
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
const LONGEST_HOLD_SECONDS = 55;

interface DoctorOptions {
  readonly url?: string;
  readonly hold: number;
}

const holdSeconds = (text: string): number => {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_HOLD_SECONDS) return seconds;
  throw new InvalidArgumentError(`It takes whole seconds, 1 to ${LONGEST_HOLD_SECONDS}.`);
};

const say = ({ status, found, whyItMatters, whatToDo, details = [] }: Check): void => {
  print(`${MARKS[status]}  ${found}`);
  if (status === 'OK') return;
  for (const { name } of details) print(`${INDENT}  ${name}`);
  for (const line of [whyItMatters, whatToDo]) if (line) print(`${INDENT}${line}`);
};

const examine = async ({ url, hold }: DoctorOptions): Promise<void> => {
  const config = readConfigOrExit();
  const checks = [
    ...(await checkSafety(config)),
    ...(await checkFiles(config)),
    ...(url === undefined ? [] : [await checkProxy(url.replace(/\/+$/, ''), hold)]),
  ];
  for (const check of checks) say(check);
  const count = (sought: SafetyStatus): number => checks.filter(({ status }) => status === sought).length;
  print(
    '',
    `${count('CRITICAL')} faults, ${count('WARNING')} warnings, ${count('NOTICE')} notices, ` +
      `${count('UNKNOWN')} unknown, ${count('OK')} fine.`,
  );
  if (count('CRITICAL') > 0) process.exitCode = 1;
};

/** `opstage doctor`: whether this installation is safe, and what to do where it is not. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('examine whether the installation is safe; exit code 1 when something is to be put right')
    .option(
      '--url <url>',
      'also find out whether what is in front of the server lets a request wait; enrols an agent, and revokes it',
    )
    .option('--hold <seconds>', 'for how long', holdSeconds, LONGEST_HOLD_SECONDS)
    .action(examine);
