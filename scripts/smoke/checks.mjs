let passed = 0;
let failed = 0;

/** Ends a chapter whose failure has been told. */
class ChapterFailed extends Error {}

const print = (line) => process.stdout.write(`${line}\n`);

/** Runs one check, prints its line and answers with what it found; a failed one ends its chapter. */
export const check = async (what, work) => {
  try {
    const value = await work();
    passed += 1;
    print(`  ok    ${what}`);
    return value;
  } catch (error) {
    failed += 1;
    print(`  FAIL  ${what}\n        ${String(error.message).replaceAll('\n', '\n        ')}`);
    throw new ChapterFailed(what);
  }
};

/** Runs the checks of one subject; answers whether all of them passed. */
export const chapter = async (title, work) => {
  print(`\n${title}`);
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof ChapterFailed) return false;
    failed += 1;
    print(`  FAIL  ${error.stack}`);
    return false;
  }
};

/** Says something beside the checks. */
export const note = (line) => print(`        ${line}`);

/** Prints the closing line and answers with the exit code. */
export const conclude = () => {
  print(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
};
