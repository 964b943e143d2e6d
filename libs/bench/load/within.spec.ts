import { within } from './within.js';

describe('within', () => {
  it('passes on a result or a failure in time', async () => {
    await expect(within(60, 'a value', Promise.resolve(1))).resolves.toBe(1);
    await expect(within(60, 'a value', Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('names what did not finish', async () => {
    const never = new Promise(() => undefined);
    await expect(within(0.01, 'the result of agent-1', never)).rejects.toThrow(
      'Not within 0.01 s: the result of agent-1.',
    );
  });
});
