/** A failure the user can act on; only its message is printed. */
export class PlainError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Prints progress for the user, on stderr. */
export const say = (line) => {
  process.stderr.write(`${line}\n`);
};

// When the terminal is closed, printing fails. The script must still stop the programs it started.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** Runs a script's work and sets the exit code to its result, or 0; prints a {@link PlainError} without a stack. */
export const runScript = async (work) => {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
};
