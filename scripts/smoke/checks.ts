let passed = 0;
let failed = 0;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const fail = (what: string, error: unknown): void => {
  failed += 1;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  print(`  FAIL  ${what}\n        ${text.replaceAll('\n', '\n        ')}`);
};

/** Runs one check, prints its outcome and returns its result. @throws CheckFailed */
export const check = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
  try {
    const result = await work();
    passed += 1;
    print(`  ok    ${what}`);
    return result;
  } catch (error) {
    fail(what, error);
    throw new CheckFailed(what);
  }
};

/** Prints a line below the last check. */
export const note = (line: string): void => {
  print(`        ${line}`);
};

/** A title, and the checks below it. */
export type Chapter = readonly [string, () => Promise<void>];

/** Runs chapters of checks until one fails; each builds on the ones before. Returns whether all passed. */
export const runChapters = async (chapters: readonly Chapter[]): Promise<boolean> => {
  try {
    for (const [title, work] of chapters) {
      print(`\n${title}`);
      await work();
    }
  } catch (error) {
    if (!(error instanceof CheckFailed)) fail('outside of the checks', error);
  }
  return failed === 0;
};

/** Prints the closing line. */
export const conclude = (): void => {
  print(`\n${passed} passed, ${failed} failed`);
};

/** A failed check, which has been printed already. */
class CheckFailed extends Error {}
