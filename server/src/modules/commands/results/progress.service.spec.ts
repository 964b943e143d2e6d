import { SecretValues } from '../payload/secret-values.js';
import { addProgress, type ProgressContent } from './progress.service.js';

const lines = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `line ${from + i}`);
const bytesOf = (log: readonly string[]): number => Buffer.byteLength(JSON.stringify(log));

const EMPTY: ProgressContent = { percent: null, message: null, log: [], inKeyBlock: false };

describe('addProgress', () => {
  it('starts empty, and keeps values that a report leaves out', () => {
    expect(addProgress({ known: null }, {})).toEqual(EMPTY);
    const known = { ...EMPTY, percent: 40, message: 'copying', log: ['a'] };
    expect(addProgress({ known }, {})).toEqual(known);
    expect(addProgress({ known }, { percent: 0, message: '' })).toEqual({
      ...EMPTY,
      percent: 0,
      message: '',
      log: ['a'],
    });
  });

  it('appends log lines, and splits texts into lines', () => {
    expect(addProgress({ known: { ...EMPTY, log: ['a'] } }, { log: ['b', 'c\r\nd'] }).log).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it.each([
    [0.9, 0],
    [12.5, 12],
    [99.99, 99],
    [100, 100],
  ])('makes %d percent %d', (percent, expected) => {
    expect(addProgress({ known: null }, { percent }).percent).toBe(expected);
  });

  it('keeps the newest 200 lines', () => {
    const known = { ...EMPTY, log: lines(150) };
    expect(addProgress({ known }, { log: lines(100, 150) }).log).toEqual(lines(200, 50));
  });

  it.each([
    ['plain', 'x'],
    ['wide', '語'],
    ['escaped', '\u001b'],
  ])('keeps at most 32 KB of %s text, the newest', (_kind, character) => {
    const known = { ...EMPTY, log: Array.from({ length: 100 }, () => character.repeat(1_000)) };
    const { log } = addProgress({ known }, { log: ['the last'] });
    expect(log.at(-1)).toBe('the last');
    expect(bytesOf(log)).toBeLessThanOrEqual(32 * 1024);
    expect(bytesOf([...log, character.repeat(1_000)])).toBeGreaterThan(32 * 1024);
  });

  it('redacts credentials, including one that spans several lines', () => {
    const key = ['-----BEGIN PRIVATE KEY-----', 'bm90IGEga2V5', '-----END PRIVATE KEY-----'];
    const content = addProgress(
      { known: null },
      { message: 'with Bearer abcdefgh12345', log: ['before', ...key, 'after'] },
    );
    expect(content).toMatchObject({ message: 'with [REDACTED]', log: ['before', '[REDACTED]', 'after'] });
  });

  it('redacts a private key that is reported line by line, and nothing after it', () => {
    const key = ['-----BEGIN RSA PRIVATE KEY-----', 'Proc-Type: 4,ENCRYPTED', '', 'bm90IGEga2V5IGF0IGFsbA', 'Qw=='];
    const reports = ['before', ...key, 'copied 3 of 9 files', '-----END RSA PRIVATE KEY-----', 'after', 'all done'];
    const { log, inKeyBlock } = reports.reduce<ProgressContent>(
      (known, line) => addProgress({ known }, { log: [line] }),
      EMPTY,
    );
    const hidden = '[REDACTED]';
    expect(log).toEqual([
      'before',
      ...[hidden, hidden, '', hidden, hidden],
      'copied 3 of 9 files',
      hidden,
      'after',
      'all done',
    ]);
    expect(inKeyBlock).toBe(false);
  });

  it('hides the secrets of its command before it shortens a text, and says that it did', () => {
    const secrets = new SecretValues(['hunter2hunter2']);
    const noted: string[] = [];
    const note = (path: string): void => void noted.push(path);
    const message = `${'x'.repeat(495)}hunter2hunter2`;
    const content = addProgress({ known: null, secrets, note }, { message, log: ['y'.repeat(2_000)] });
    expect(content.message).toBe(`${'x'.repeat(495)}[RED…`);
    expect(content.log[0]).toHaveLength(1_000);
    expect(noted.sort()).toEqual(['log', 'message']);
  });
});
