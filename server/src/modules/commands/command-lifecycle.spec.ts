import { CommandStatus } from '#contracts';
import { expiryOutcome, isOpen, isRetryable } from './command-lifecycle.js';

describe('the lifecycle of a command', () => {
  it.each<[CommandStatus, boolean, boolean]>([
    ['PENDING', true, false],
    ['RUNNING', true, false],
    ['SUCCEEDED', false, false],
    ['FAILED', false, true],
    ['EXPIRED', false, true],
    ['CANCELLED', false, true],
  ])('%s: open %s, retryable %s', (status, open, retryable) => {
    expect(isOpen(status)).toBe(open);
    expect(isRetryable(status)).toBe(retryable);
  });

  it('has a rule for every status', () => {
    const ended = Object.values(CommandStatus).filter((status) => !isOpen(status));
    expect(ended.filter((status) => !isRetryable(status))).toEqual(['SUCCEEDED']);
  });

  it.each<[CommandStatus, string]>([
    ['PENDING', 'COMMAND_NOT_DELIVERED'],
    ['RUNNING', 'COMMAND_OUTCOME_UNKNOWN'],
  ])('says whether a command that expires while %s may have run', (status, errorCode) => {
    expect(expiryOutcome(status)).toMatchObject({ errorCode });
  });
});
