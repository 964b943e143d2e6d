import { TestBed } from '@angular/core/testing';
import type { CapsuleServiceDetail, Role } from '#contracts';
import { anAction, aServiceDetail } from '../../../../testing/builders';
import { screenOf, signInAs, startConsole } from '../../../../testing/console';
import { ServiceActions } from './service-actions';

const draw = async (service: Partial<CapsuleServiceDetail>, role: Role = 'operator') => {
  await signInAs(role, startConsole());
  const fixture = TestBed.createComponent(ServiceActions);
  fixture.componentRef.setInput('service', aServiceDetail(service));
  return screenOf(fixture);
};

const named = (name: string, overrides = {}) => anAction({ id: `act_${name}`, name, label: name, ...overrides });

describe('ServiceActions', () => {
  it('groups them by category, those of none last', async () => {
    const screen = await draw({
      actions: [named('loose'), named('a', { category: 'Shelf' }), named('b', { category: 'Shelf' })],
    });
    expect(screen.texts('h2')).toEqual(['Shelf', 'Other']);
    expect(screen.texts('section:first-of-type h3')).toEqual(['a a', 'b b']);
  });

  it('leaves out those that results offer', async () => {
    const screen = await draw({
      actions: [named('a'), named('b', { category: 'row-action' }), named('c', { category: 'page-action' })],
    });
    expect(screen.texts('h3')).toEqual(['a a']);
  });

  it('says of each whether its input schema can be used', async () => {
    const screen = await draw({
      actions: [
        named('broken', { inputSchemaProblem: '/type must be string' }),
        named('odd', { inputSchemaIgnored: ['prefixItems'] }),
        named('fine'),
      ],
    });
    const [broken, odd, fine] = screen.texts('li');
    expect(broken).toContain('This input schema cannot be used, so every run is refused: /type must be string');
    expect(odd).toContain('count for nothing: prefixItems');
    expect(fine).not.toContain('schema');
  });

  it('says of each how dangerous it is, and whether it asks', async () => {
    const screen = await draw({
      actions: [named('wipe', { dangerLevel: 'HIGH', requiresConfirmation: true, description: 'All of it.' })],
    });
    expect(screen.one('li [data-status]').dataset.status).toBe('HIGH');
    expect(screen.one('li').textContent).toContain('Asks for confirmation');
    expect(screen.one('li').textContent).toContain('All of it.');
  });

  it('leads an operator to each that is switched on', async () => {
    const screen = await draw({ actions: [named('echo'), named('off', { enabled: false })] });
    expect(screen.names('a')).toEqual(['Run echo']);
    expect(screen.one('a').getAttribute('href')).toBe('/services/svc_1/actions/echo');
    expect(screen.text).toContain('Switched off by the service');
  });

  it('leads a viewer to none', async () => {
    const screen = await draw({ actions: [named('echo')], agentStatus: 'OFFLINE' }, 'viewer');
    expect(screen.texts('h3')).toEqual(['echo echo']);
    expect(screen.names('a')).toEqual([]);
    expect(screen.text).not.toContain('not reachable');
  });

  it.each([[{ agentStatus: 'OFFLINE' }], [{ agentSilent: true }]] as const)(
    'says that they are refused for now with %j',
    async (service) => {
      const screen = await draw(service);
      expect(screen.one('[role=status]').textContent).toContain('Agent Till 1 is not reachable');
    },
  );

  it('says so when there are none', async () => {
    const screen = await draw({ actions: [], agentStatus: 'OFFLINE' });
    expect(screen.text).toContain('This service declares nothing that could be run.');
    expect(screen.text).not.toContain('not reachable');
  });
});
