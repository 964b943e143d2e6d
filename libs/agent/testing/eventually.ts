export type Truthy<T> = Exclude<T, false | null | undefined>;

/** Resolves with what `probe` answers as soon as that is truthy. @throws when it takes too long */
export const eventually = async <T>(probe: () => T, what = 'the condition'): Promise<Truthy<T>> => {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = probe();
    if (answer) return answer as Truthy<T>;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await pause(5);
  }
};

/** Resolves after `milliseconds`. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
