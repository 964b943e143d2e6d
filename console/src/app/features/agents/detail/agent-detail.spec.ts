import type { ErrorCode, Role } from '#contracts';
import { anAgentDetail, anAuditEvent, aService } from '../../../../testing/builders';
import { refreshed, visit } from '../../../../testing/visit';
import { agentsRoutes } from '../agents.routes';

const AGENT = '/api/admin/agents/agt_1';

const MARKED = { tokenReusedAt: '2026-01-01T00:00:00.000Z', pollsDisplacedAt: '2026-01-02T00:00:00.000Z' };

const EVENTS = '/api/admin/audit-events';
const LONG_AGO = '2020-01-01T00:00:00.000Z';

const refused = (errorCode: ErrorCode) =>
  anAuditEvent({
    action: 'registration.rejected',
    targetType: 'Agent',
    targetId: 'agt_1',
    metadata: { agentCode: 'till-1', errorCode },
    createdAt: new Date().toISOString(),
  });

const open = (role: Role = 'operator', tab = '') =>
  visit(`/agents/agt_1${tab}`, [{ path: 'agents', children: agentsRoutes }], role);

describe('AgentDetail', () => {
  it('is a skeleton until the agent is there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(AGENT, anAgentDetail());
    expect(screen.all('ops-skeleton')).toHaveLength(0);
    expect(screen.one('h1').textContent).toBe('Till 1');
  });

  it('tells what it runs and where, and leads to its services, commands and audit', async () => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail());
    for (const fact of ['till-1', 'embedded', 'nodejs 1.2.3', 'shop-1 · linux · x64'])
      expect(screen.text).toContain(fact);
    expect(screen.all('a').map((link) => link.getAttribute('href'))).toEqual([
      '/registration-tokens?create=1&agentCode=till-1',
      '/agents/agt_1',
      '/agents/agt_1?tab=commands',
      '/agents/agt_1?tab=audit',
      '/services/svc_1',
    ]);
  });

  it.each([
    ['commands', '/api/admin/commands?agentId=agt_1&page=1&sort=-createdAt', ['/commands?agentId=agt_1']],
    [
      'audit',
      '/api/admin/audit-events?targetId=agt_1&page=1&sort=-createdAt',
      ['/audit?targetId=agt_1', '/audit?actorId=agt_1'],
    ],
  ])('lists its %s in a tab, the newest first, and leads to all of them', async (tab, url, links) => {
    const { backend, screen } = await open('viewer', `?tab=${tab}`);
    await backend.answer(AGENT, anAgentDetail());
    expect(screen.one('nav [aria-current]').getAttribute('href')).toBe(`/agents/agt_1?tab=${tab}`);
    const { request } = await backend.answerPage(url, []);
    expect(request.url).toBe(url);
    expect(screen.all('.all a').map((link) => link.getAttribute('href'))).toEqual(links);
  });

  it('says what could not be kept as it was sent, and nothing when all of it was', async () => {
    const { backend, screen } = await open('viewer');
    const warning = {
      call: 'report',
      serviceCode: 'stock',
      path: 'services.0.actions.2',
      message: 'was left out: no name',
      since: '2026-01-01T00:00:00.000Z',
    } as const;
    await backend.answer(AGENT, anAgentDetail({ warnings: [warning] }));
    expect(screen.one('ops-report-warnings').textContent).toContain('Not kept as it was sent');
    expect(screen.one('ops-report-warnings').textContent).toContain('services.0.actions.2 was left out: no name');
  });

  it('says that somebody else may have its token, and what to do', async () => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail(MARKED));
    expect(screen.all('.mark')).toHaveLength(2);
    expect(screen.text).toContain('was shown again');
    expect(screen.text).toContain('Two processes poll');
  });

  it('no longer warns about the token of an agent that was revoked', async () => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail({ ...MARKED, status: 'REVOKED' }));
    expect(screen.all('.mark')).toEqual([]);
  });

  it('asks for the newest refused registration since it registered, again only when that changes', async () => {
    const { backend } = await open();
    await backend.answer(AGENT, anAgentDetail());
    const { request } = await backend.answerPage(EVENTS, []);
    expect(new URL(request.urlWithParams, 'http://x').search.slice(1).split('&')).toEqual([
      'targetId=agt_1',
      `from=${encodeURIComponent(anAgentDetail().registeredAt)}`,
      'action=registration.rejected',
      'pageSize=1',
      'sort=-createdAt',
    ]);
    await refreshed();
    await backend.answer(AGENT, anAgentDetail());
    backend.expectNoMore();
  });

  it('says that a registration as it was refused, and leads an operator to a token, until it has registered', async () => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail());
    await backend.answerPage(EVENTS, [refused('AGENT_CODE_TAKEN')]);
    const note = screen.one('ops-refused-registration');
    expect(note.textContent).toContain('A registration as this agent was refused');
    expect(note.textContent).toContain('because the agent counted as online');
    expect(screen.all('ops-refused-registration a').map((link) => link.getAttribute('href'))).toEqual([
      '/audit/aud_1',
      '/registration-tokens?create=1&agentCode=till-1',
    ]);
    await refreshed();
    await backend.answer(AGENT, anAgentDetail({ registeredAt: new Date().toISOString() }));
    await backend.answerPage(EVENTS, []);
    expect(screen.all('ops-refused-registration section')).toEqual([]);
  });

  it.each([
    ['REVOKED', 'AGENT_CODE_TAKEN', 'because the agent was revoked', 2],
    ['ONLINE', 'REGISTRATION_TOKEN_USED', 'with REGISTRATION_TOKEN_USED.', 2],
    ['ONLINE', 'ADDRESS_NOT_ALLOWED', 'with ADDRESS_NOT_ALLOWED.', 1],
  ] as const)('says why, and offers a token only where one helps: %s, %s', async (status, code, words, links) => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail({ status }));
    await backend.answerPage(EVENTS, [refused(code)]);
    expect(screen.one('ops-refused-registration').textContent).toContain(words);
    expect(screen.all('ops-refused-registration a')).toHaveLength(links);
  });

  it('tells a viewer of the refusal, with nothing to do', async () => {
    const { backend, screen } = await open('viewer');
    await backend.answer(AGENT, anAgentDetail());
    await backend.answerPage(EVENTS, [refused('AGENT_CODE_TAKEN')]);
    expect(screen.all('ops-refused-registration a').map((link) => link.getAttribute('href'))).toEqual(['/audit/aud_1']);
  });

  it('says nothing of a refusal that is more than a day old', async () => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail());
    await backend.answerPage(EVENTS, [{ ...refused('AGENT_CODE_TAKEN'), createdAt: LONG_AGO }]);
    expect(screen.all('ops-refused-registration section')).toEqual([]);
  });

  it('says when it reports no services', async () => {
    const { backend, screen } = await open();
    await backend.answer(AGENT, anAgentDetail({ services: [] }));
    expect(screen.text).toContain('It reports no services');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(AGENT, 'AGENT_NOT_FOUND', { message: 'No such agent.' });
    expect(screen.one('[role=alert]').textContent).toContain('No such agent.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(AGENT, anAgentDetail());
    expect(screen.one('h1').textContent).toBe('Till 1');
  });

  it.each([
    ['ONLINE', ['Disable', 'Revoke']],
    ['OFFLINE', ['Disable', 'Revoke']],
    ['DISABLED', ['Enable', 'Revoke']],
    ['REVOKED', []],
  ] as const)('offers an operator what can be done while it is %s', async (status, acts) => {
    const { backend, screen } = await open('operator');
    await backend.answer(AGENT, anAgentDetail({ status }));
    expect(screen.names('button')).toEqual(acts);
  });

  it('offers a viewer nothing to do', async () => {
    const { backend, screen } = await open('viewer');
    await backend.answer(AGENT, anAgentDetail());
    expect(screen.names('button')).toEqual([]);
  });

  it.each([
    ['OFFLINE', 'is offline. If it has lost its token'],
    ['REVOKED', 'was revoked. It comes back only with a registration token made for it.'],
  ] as const)('says how it comes back and leads an operator there: %s', async (status, words) => {
    const { backend, screen } = await open('operator');
    await backend.answer(AGENT, anAgentDetail({ status }));
    expect(screen.one('.gone').textContent).toContain(words);
    expect(screen.one('.gone a').getAttribute('href')).toBe('/registration-tokens?create=1&agentCode=till-1');
  });

  it('says no such thing of one that is there, nor to a viewer', async () => {
    const { backend, screen } = await open('operator');
    await backend.answer(AGENT, anAgentDetail({ status: 'ONLINE' }));
    expect(screen.all('.gone')).toEqual([]);
  });

  it('draws what the agent says of itself as text', async () => {
    const { backend, screen } = await open();
    const name = '<img src=x onerror=alert(1)>';
    await backend.answer(AGENT, anAgentDetail({ name, services: [aService({ name })] }));
    expect(screen.all('img')).toEqual([]);
    expect(screen.one('h1').textContent).toBe(name);
  });
});
