import type { Change } from '#contracts';
import { changeTexts, gapText, heartbeatText, parseMessage } from './postgres-relay.js';

const change = (id: string): Change => ({ topic: 'command', id, action: 'command.created' });
const read = (texts: readonly string[]): readonly Change[] =>
  texts.flatMap((text) => parseMessage(text)?.changes ?? []);

describe('messages between replicas', () => {
  it('carry changes in their order, as few as possible and none too long for PostgreSQL', () => {
    const changes = Array.from({ length: 500 }, (_, i) => change(`cmd_${i}_ü`));
    const texts = changeTexts('one', changes);
    expect(read(texts)).toEqual(changes);
    const sizes = texts.map((text) => Buffer.byteLength(text));
    expect(Math.max(...sizes)).toBeLessThan(8_000);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(7_500);
  });

  it('are none when there is nothing to carry', () => {
    expect(changeTexts('one', [])).toEqual([]);
  });

  it('say who speaks, that it is there, and that something may be missing', () => {
    expect(parseMessage(heartbeatText('one'))).toEqual({ from: 'one', changes: [] });
    expect(parseMessage(gapText('one'))).toEqual({ from: 'one', changes: [], gap: true });
  });

  it.each(['', 'hello', 'null', '1', '[]', '{}', '{"from":1,"changes":[]}', '{"from":"one"}'])(
    'are not what a stranger says: %s',
    (text) => {
      expect(parseMessage(text)).toBeNull();
    },
  );
});
