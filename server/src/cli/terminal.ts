import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '#contracts';

/** A problem that the operator can solve: the message is printed without a stack trace. */
export class UserError extends Error {}

/** Prints results, to standard output. */
export const print = (...lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};

/** Prints everything that is not a result, to standard error. */
export const note = (...lines: readonly string[]): void => {
  for (const line of lines) process.stderr.write(`${line}\n`);
};

/** Lines of aligned columns, each as wide as its widest cell. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** Discards what readline would echo. */
const silent = new Writable({
  write(_chunk, _encoding, done) {
    done();
  },
});

const readLine = async (): Promise<string> => {
  const { stdin } = process;
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new UserError('No password was entered.');
};

const ask = async (question: string): Promise<string> => {
  if (process.stdin.isTTY) process.stderr.write(question);
  const answer = await readLine();
  if (process.stdin.isTTY) note('');
  return answer;
};

/** Reads a new password without echo: twice from a terminal, otherwise one line of the input. @throws UserError */
export const readNewPassword = async (): Promise<string> => {
  const password = await ask('New password: ');
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    throw new UserError(`A password must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`);
  }
  if (process.stdin.isTTY && (await ask('Repeat it: ')) !== password) throw new UserError('The passwords differ.');
  return password;
};
