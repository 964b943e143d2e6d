/** A failure the user can act on: its message is all there is to say. */
export class PlainError extends Error {}

/** Tells the user what goes on, beside the output of the programs themselves. */
export const say = (line) => {
  process.stderr.write(`${line}\n`);
};

// Whoever closes the terminal takes the output away. A script that then fails to print must still end what it started.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** Runs a script's work and exits with the code it resolves with (nothing: 0); a {@link PlainError} is told without a stack. */
export const runScript = async (work) => {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
};
