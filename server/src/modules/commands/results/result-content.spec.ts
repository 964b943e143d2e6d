import type { CommandResultRequest } from '#contracts';
import { commandError, resultBytes, toResultContent } from './result-content.js';

const hashOf = (request: CommandResultRequest): string => toResultContent(request).contentHash;

describe('the size of a result', () => {
  it.each<[CommandResultRequest, number]>([
    [{ success: true }, 0],
    [{ success: true, message: 'ab' }, 4],
    [{ success: true, message: 'é' }, 4],
    [{ success: true, data: { a: 1 } }, 7],
    [{ success: false, error: { code: 'A', message: 'b' } }, 26],
    [{ success: true, message: 'ab', data: { a: 1 }, startedAt: '2030-01-01T00:00:00.000Z' }, 11],
  ])('of %j is %d bytes', (request, bytes) => {
    expect(resultBytes(request)).toBe(bytes);
  });
});

describe('a result as it is stored', () => {
  it('is null for everything the agent left out', () => {
    expect(toResultContent({ success: true })).toEqual({
      success: true,
      message: null,
      data: null,
      error: null,
      startedAt: null,
      finishedAt: null,
      contentHash: hashOf({ success: true }),
    });
  });

  it('holds no secrets, recognized by key and by shape', () => {
    const token = `opstage_agent_${'a'.repeat(43)}`;
    const content = toResultContent({
      success: false,
      message: `with ${token}`,
      data: { generatedKey: 'x', rows: [{ password: 'x', size: 1 }] },
      error: { code: token, message: `lost ${token}`, request: { cookie: 'x', path: '/' } },
    });
    expect(content).toMatchObject({
      message: 'with [REDACTED]',
      data: { generatedKey: '[REDACTED]', rows: [{ password: '[REDACTED]', size: 1 }] },
      error: { code: '[REDACTED]', message: 'lost [REDACTED]', request: { cookie: '[REDACTED]', path: '/' } },
    });
  });

  it.each<[string, CommandResultRequest, string, string]>([
    ['what the agent reported', { success: false, error: { code: 'E1', message: 'why' }, message: 'x' }, 'E1', 'why'],
    ['the message without an error', { success: false, message: 'no luck' }, 'ACTION_FAILED', 'no luck'],
    ['a default when both are missing', { success: false }, 'ACTION_FAILED', 'The action failed without a message.'],
    [
      'a default for empty texts',
      { success: false, error: { code: '', message: '' } },
      'ACTION_FAILED',
      'The action failed without a message.',
    ],
    ['80 characters of a code', { success: false, error: { code: 'c'.repeat(90), message: 'm' } }, 'c'.repeat(80), 'm'],
  ])('has %s as its reason', (_, request, code, message) => {
    expect(toResultContent(request).error).toMatchObject({ code, message });
  });

  it('accepts null for a missing value, as some languages write it', () => {
    const nulls = { success: false, message: null, data: null, error: { code: null, message: null }, startedAt: null };
    expect(toResultContent(nulls as unknown as CommandResultRequest)).toMatchObject({
      message: null,
      data: null,
      error: { code: 'ACTION_FAILED' },
      startedAt: null,
    });
  });

  it('has no error when it succeeded', () => {
    expect(toResultContent({ success: true, error: { code: 'E', message: 'm' } }).error).toBeNull();
  });

  it('has the same hash for the same content, whatever the order of its keys', () => {
    const result = { success: true, message: 'm', data: { a: 1, b: { c: [1, 2], d: 2 } } };
    expect(hashOf({ data: { b: { d: 2, c: [1, 2] }, a: 1 }, message: 'm', success: true })).toBe(hashOf(result));
    for (const other of [
      { success: false },
      { message: 'n' },
      { data: { a: 1 } },
      { startedAt: '2030-01-01T00:00:00Z' },
    ]) {
      expect(hashOf({ ...result, ...other })).not.toBe(hashOf(result));
    }
  });
});

describe('the error of a result that its command shows', () => {
  it('is null for a success', () => {
    expect(commandError(null)).toEqual({ errorCode: null, errorMessage: null });
  });

  it('is the code and 500 characters of the message', () => {
    const { error } = toResultContent({ success: false, error: { code: 'E', message: 'm'.repeat(600) } });
    expect(commandError(error)).toEqual({ errorCode: 'E', errorMessage: 'm'.repeat(500) });
    expect(error!.message).toHaveLength(600);
  });
});
