import type { Change } from '#contracts';
import { ChangeLog } from './change-log.js';

const change = (id: string): Change => ({ topic: 'command', id });
const idsOf = (log: ChangeLog, after: string) => log.after(after)?.map((logged) => logged.change.id);

describe('ChangeLog', () => {
  it('returns the changes after an id', () => {
    const log = new ChangeLog();
    const start = log.newestId;
    const [one, two] = [log.append(change('1')), log.append(change('2'))];
    expect(idsOf(log, start)).toEqual(['1', '2']);
    expect(idsOf(log, one.id)).toEqual(['2']);
    expect(idsOf(log, two.id)).toEqual([]);
    expect(log.newestId).toBe(two.id);
  });

  it('returns null for an id beyond its capacity', () => {
    const log = new ChangeLog();
    const start = log.newestId;
    const first = log.append(change('first'));
    for (let i = 0; i < 2_000; i += 1) log.append(change(`${i}`));
    expect(log.after(start)).toBeNull();
    expect(idsOf(log, first.id)).toHaveLength(2_000);
  });

  it.each(['', '.', 'x', '1', 'x.1', '.1'])('returns null for the foreign id %p', (id) => {
    const log = new ChangeLog();
    log.append(change('1'));
    expect(log.after(id)).toBeNull();
    expect(log.after(new ChangeLog().append(change('1')).id)).toBeNull();
  });

  it.each(['-1', '2', '1.5', '1e0', ' ', '99999999999999999999'])(
    'returns null for a number it never assigned: %p',
    (number) => {
      const log = new ChangeLog();
      const { id } = log.append(change('1'));
      expect(log.after(`${id.split('.')[0]}.${number}`)).toBeNull();
    },
  );
});
