import { TestBed } from '@angular/core/testing';
import type { SessionSummary, UserId } from '#contracts';
import { overlay, screenOf, signInAs, startConsole } from '../../../testing/console';
import { dialogClosed } from '../../../testing/visit';
import { SessionList } from './session-list';

const OWN = '/api/admin/auth/sessions';

const aSummary = (overrides: Partial<SessionSummary> = {}): SessionSummary => ({
  id: 'ses_1',
  current: false,
  ipAddress: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  createdAt: '2026-11-28T05:00:00.000Z',
  lastSeenAt: '2026-11-28T06:00:00.000Z',
  expiresAt: '2026-11-28T14:00:00.000Z',
  ...overrides,
});

const SESSIONS = [aSummary({ id: 'ses_here', current: true }), aSummary({ id: 'ses_there', userAgent: 'curl/8.5.0' })];

const open = async (user: UserId | null = null) => {
  const backend = startConsole();
  await signInAs('owner', backend);
  const fixture = TestBed.createComponent(SessionList);
  fixture.componentRef.setInput('user', user);
  return { backend, screen: await screenOf(fixture) };
};

describe('SessionList', () => {
  it('shows browser, address and times of each, and marks the one that is in use', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answerPage(OWN, SESSIONS);
    expect(screen.texts('tbody th')).toEqual(['Firefox, Linux', 'curl/8.5.0']);
    expect(screen.texts('tbody tr:first-child td')).toEqual(expect.arrayContaining(['192.0.2.7', 'This one']));
    expect(screen.all('tbody button')).toHaveLength(1);
  });

  it('ends one, says so and reads the list again', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(OWN, SESSIONS);
    await screen.click('End the session of curl/8.5.0');
    await backend.answer(`${OWN}/ses_there`, { ended: 1 }, 'DELETE');
    expect(overlay().text).toContain('The session has ended');
    await backend.answerPage(OWN, SESSIONS.slice(0, 1));
    expect(screen.texts('tbody th')).toEqual(['Firefox, Linux']);
    expect(screen.text).not.toContain('End all others');
  });

  it('asks before it ends all others', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(OWN, SESSIONS);
    await screen.click('End all others');
    await overlay().click('Cancel');
    await dialogClosed();
    backend.expectNoMore();
    await screen.click('End all others');
    await overlay().click('End all others');
    await dialogClosed();
    await backend.answer(OWN, { ended: 1 }, 'DELETE');
    await backend.answerPage(OWN, SESSIONS.slice(0, 1));
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('shows those of a user, who may have none', async () => {
    const { backend, screen } = await open('usr_2');
    await backend.answerPage('/api/admin/users/usr_2/sessions', []);
    expect(screen.text).toContain('Not signed in anywhere.');
  });

  it('says why it failed, and reads again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(OWN, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answerPage(OWN, SESSIONS);
    await screen.click('End the session of curl/8.5.0');
    await backend.refuse(`${OWN}/ses_there`, 'SESSION_NOT_FOUND', { method: 'DELETE', message: 'It is gone.' });
    expect(overlay().text).toContain('It is gone.');
    await backend.answerPage(OWN, SESSIONS.slice(0, 1));
  });
});
