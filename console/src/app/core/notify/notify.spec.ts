import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { settled } from '../../../testing/backend';
import { overlay, startConsole } from '../../../testing/console';
import { until } from '../../../testing/visit';
import { ApiError } from '../api/api-error';
import { Notify } from './notify';

const start = (): Notify => {
  startConsole();
  return TestBed.inject(Notify);
};

const refusal = (requestId: string | null) => new ApiError('CONFLICT', 'It was used meanwhile.', 409, requestId);

const bars = (): readonly string[] => overlay().texts('[matSnackBarLabel]');

describe('Notify', () => {
  it('says what was done, in the language of the user', async () => {
    const notify = start();
    TestBed.inject(TranslocoService).setActiveLang('zh');
    notify.done('users.disable.done', { name: 'robin' });
    await settled();
    expect(bars()).toEqual(['robin 已禁用']);
  });

  it('says in the server’s words what failed, with the id to ask for it by, until it is closed', async () => {
    start().failed(refusal('req-7'));
    await settled();
    expect(bars()).toEqual(['It was used meanwhile. (req-7)']);
    await overlay().click('Close');
    await until(() => bars().length === 0);
  });

  it('leaves the id out where there is none', async () => {
    start().failed(refusal(null));
    await settled();
    expect(bars()).toEqual(['It was used meanwhile.']);
  });

  it('interrupts who listens with a failure, and waits with the rest', async () => {
    const notify = start();
    const live = (): string | null => overlay().one('[aria-live]').getAttribute('aria-live');
    notify.done('common.copied');
    await settled();
    expect(live()).toBe('polite');
    notify.failed(refusal(null));
    await until(() => bars().join() === 'It was used meanwhile.');
    expect(live()).toBe('assertive');
  });

  it('says something even of what is no answer of a server', async () => {
    start().failed(new Error('Out of paper'));
    await settled();
    expect(bars()[0]).toContain('Out of paper');
  });
});
