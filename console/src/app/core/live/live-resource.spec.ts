import { effect, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { settled } from '../../../testing/backend';
import { startConsole } from '../../../testing/console';
import { CsrfToken } from '../session/csrf-token';
import { liveResource, type LiveOptions } from './live-resource';
import { Refresh } from './refresh';

const start = (url = '/api/things/1', options: LiveOptions = {}) => {
  const backend = startConsole();
  const address = signal<string | undefined>(url);
  const resource = TestBed.runInInjectionContext(() => {
    const made = liveResource<string>(address, options);
    // As a page does that draws it.
    effect(() => {
      made.value();
    });
    return made;
  });
  const refresh = async (): Promise<void> => {
    TestBed.inject(Refresh).now();
    await settled();
  };
  return { backend, address, resource, refresh };
};

describe('liveResource', () => {
  it('is loading until the first answer', async () => {
    const { backend, resource } = start();
    await settled();
    expect(resource.isLoading()).toBe(true);
    expect(resource.value()).toBeUndefined();
    await backend.answer('/api/things/1', 'first');
    expect(resource.isLoading()).toBe(false);
    expect(resource.value()).toBe('first');
  });

  it('reads again with every refresh, and keeps its value meanwhile', async () => {
    const { backend, resource, refresh } = start();
    await backend.answer('/api/things/1', 'first');
    await refresh();
    expect(resource.value()).toBe('first');
    expect(resource.isLoading()).toBe(false);
    await backend.answer('/api/things/1', 'second');
    expect(resource.value()).toBe('second');
  });

  it('keeps its value when a refresh fails, and says why', async () => {
    const { backend, resource, refresh } = start();
    await backend.answer('/api/things/1', 'first');
    await refresh();
    await backend.refuse('/api/things/1', 'SERVICE_UNAVAILABLE');
    expect(resource.value()).toBe('first');
    expect(resource.error()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', requestId: 'req-1' });
    await refresh();
    await backend.answer('/api/things/1', 'second');
    expect(resource.value()).toBe('second');
    expect(resource.error()).toBeNull();
  });

  it('has only an error when the first reading fails, until a retry', async () => {
    const { backend, resource } = start();
    await backend.refuse('/api/things/1', 'NOT_FOUND');
    expect(resource.value()).toBeUndefined();
    expect(resource.isLoading()).toBe(false);
    expect(resource.error()?.code).toBe('NOT_FOUND');
    resource.reload();
    await backend.answer('/api/things/1', 'there');
    expect(resource.value()).toBe('there');
  });

  it('keeps the rows while the same list is asked otherwise', async () => {
    const { backend, address, resource } = start('/api/things?page=1');
    await backend.answer('/api/things', 'page one');
    address.set('/api/things?page=2');
    await settled();
    expect(resource.value()).toBe('page one');
    await backend.answer('/api/things', 'page two');
    expect(resource.value()).toBe('page two');
  });

  it('knows that its value is of another query, and that it is being read', async () => {
    const { backend, address, resource } = start('/api/things?page=1');
    await backend.answer('/api/things', 'page one');
    expect([resource.isOfThisAddress(), resource.isRefreshing()]).toEqual([true, false]);
    address.set('/api/things?page=2');
    await settled();
    expect([resource.isOfThisAddress(), resource.isRefreshing()]).toEqual([false, true]);
    await backend.answer('/api/things', 'page two');
    expect([resource.isOfThisAddress(), resource.isRefreshing()]).toEqual([true, false]);
  });

  it('reloads after a read that is under way, even when it is read once only', async () => {
    const { backend, resource, refresh } = start('/api/things/1', { once: true });
    await backend.answer('/api/things/1', 'first');
    resource.reload();
    await settled();
    resource.reload();
    await backend.answer('/api/things/1', 'before the change');
    await backend.answer('/api/things/1', 'after it');
    expect(resource.value()).toBe('after it');
    await refresh();
    backend.expectNoMore();
  });

  it('drops its value at once for another thing', async () => {
    const { backend, address, resource } = start();
    await backend.answer('/api/things/1', 'first');
    address.set('/api/things/2');
    await settled();
    expect(resource.value()).toBeUndefined();
    expect(resource.isLoading()).toBe(true);
    await backend.answer('/api/things/2', 'another');
    expect(resource.value()).toBe('another');
  });

  it('reads nothing without an address', async () => {
    const { backend, address, resource } = start();
    await backend.answer('/api/things/1', 'first');
    address.set(undefined);
    await settled();
    expect(resource.value()).toBeUndefined();
    backend.expectNoMore();
  });

  it('asks nothing while the session is over, and goes on with the next one', async () => {
    const { backend, refresh } = start();
    const csrf = TestBed.inject(CsrfToken);
    await backend.answer('/api/things/1', 'first');
    csrf.sessionEnded();
    await refresh();
    backend.expectNoMore();
    csrf.set('csrf-2');
    await refresh();
    await backend.answer('/api/things/1', 'second');
  });

  it('waits for a reading under way, and reads again after it: its answer may be older than the news', async () => {
    const { backend, resource, refresh } = start();
    await refresh();
    await refresh();
    await backend.answer('/api/things/1', 'before the change');
    await backend.answer('/api/things/1', 'after it');
    expect(resource.value()).toBe('after it');
    backend.expectNoMore();
  });

  it('does not read again after the last reading of what is not live any more', async () => {
    const isLive = signal(true);
    const { backend, refresh } = start('/api/things/1', { live: isLive });
    await refresh();
    isLive.set(false);
    await backend.answer('/api/things/1', 'the end');
    backend.expectNoMore();
  });

  it('does not follow the refresh while it is not live', async () => {
    const isLive = signal(false);
    const { backend, refresh } = start('/api/things/1', { live: isLive });
    await backend.answer('/api/things/1', 'first');
    await refresh();
    backend.expectNoMore();
    isLive.set(true);
    await settled();
    backend.expectNoMore();
    await refresh();
    await backend.answer('/api/things/1', 'second');
  });
});
