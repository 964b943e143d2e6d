import type { CapsuleService } from '#contracts';
import { byLabel, BY_AGENT, groupServices, labelKeys } from './wall-groups';

const service = (name: string, agent: string, labels: Record<string, string> = {}): CapsuleService =>
  ({ id: `svc_${name}`, name, agentId: `agt_${agent}`, agentName: agent, labels }) as unknown as CapsuleService;

const services = [
  service('a', 'two', { env: 'prod', team: 'x' }),
  service('b', 'one', { env: 'dev' }),
  service('c', 'two'),
  service('d', 'one', { env: 'prod' }),
];
const shape = (grouping: string) =>
  groupServices(services, grouping).map((group) => [group.name, group.services.map(({ name }) => name).join('')]);

describe('The groups of the wall', () => {
  it('are the agents, by name', () => {
    expect(shape(BY_AGENT)).toEqual([
      ['one', 'bd'],
      ['two', 'ac'],
    ]);
  });

  it('are the values of a label, and last those without it', () => {
    expect(shape(byLabel('env'))).toEqual([
      ['dev', 'b'],
      ['prod', 'ad'],
      [null, 'c'],
    ]);
  });

  it('name the label that the list of services can be filtered by', () => {
    const labels = (grouping: string) => groupServices(services, grouping).map(({ label }) => label);
    expect(labels(byLabel('env'))).toEqual(['env:dev', 'env:prod', null]);
    expect(labels(BY_AGENT)).toEqual([null, null]);
  });

  it('are offered for every label, the most used first', () => {
    expect(labelKeys(services)).toEqual(['env', 'team']);
  });
});
