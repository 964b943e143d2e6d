import { Command, InvalidArgumentError } from 'commander';
import { readConfigOrExit } from '../read-config.js';
import { print } from './console-output.js';
import { checkBackups } from './doctor/backup-checks.js';
import type { Check, Verdict } from './doctor/check.js';
import { checkConfiguration } from './doctor/configuration-checks.js';
import { checkDatabase } from './doctor/database-checks.js';
import { checkFiles, secretAgeDays } from './doctor/file-checks.js';
import { checkProxy } from './doctor/proxy-check.js';

const MARKS: Readonly<Record<Verdict, string>> = { ok: '  ok     ', warning: '! warning', fault: 'X FAULT  ' };
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

const say = ({ verdict, found, advice }: Check): void => {
  print(`${MARKS[verdict]}  ${found}`);
  if (advice !== undefined) print(`${' '.repeat(11)}${advice}`);
};

const examine = async ({ url, hold }: DoctorOptions): Promise<void> => {
  const config = readConfigOrExit();
  const now = new Date();
  const checks = [
    ...checkConfiguration(config, secretAgeDays(config, now)),
    ...(await checkFiles(config)),
    ...(await checkDatabase(config)),
    await checkBackups(config, now),
    ...(url === undefined ? [] : [await checkProxy(url.replace(/\/+$/, ''), hold)]),
  ];
  for (const check of checks) say(check);
  const count = (verdict: Verdict): number => checks.filter((check) => check.verdict === verdict).length;
  print('', `${count('fault')} faults, ${count('warning')} warnings, ${count('ok')} fine.`);
  if (count('fault') > 0) process.exitCode = 1;
};

/** `opstage doctor`: whether this installation is safe, and what to do where it is not. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('examine settings, files, database and backups; exit code 1 when something is to be put right')
    .option(
      '--url <url>',
      'also find out whether what is in front of the server lets a request wait; enrols an agent, and revokes it',
    )
    .option('--hold <seconds>', 'for how long', holdSeconds, LONGEST_HOLD_SECONDS)
    .action(examine);
