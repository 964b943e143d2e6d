import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ValueFormat } from '#contracts';
import { LIMITS } from '../../src/modules/agents/reports/report-content.js';
import { startTestApp } from '../support/start-test-app.js';

const ROOT = join(__dirname, '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'agent-protocol.md'), 'utf8');

/** What an agent sends and gets, by the name of its schema. */
const SPOKEN = [
  'RegisterAgentBody',
  'AgentDescriptionBody',
  'RegisterAgentResponse',
  'ReportServicesBody',
  'ReportedServiceBody',
  'ReportedConfigBody',
  'ReportedActionBody',
  'RejectedService',
  'HealthBody',
  'HeartbeatBody',
  'HeartbeatResponse',
  'CommandProgressBody',
  'CommandProgressResponse',
  'CommandResultBody',
  'RotateAgentTokenResponse',
];

/** Fields that no agent needs: an older way to say the same, and what a command repeats. */
const LEFT_OUT = ['serviceId', 'agentId', 'status', 'createdAt'];

const isNamed = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(PAGE);

describe('the page about the agent protocol', () => {
  let document: OpenAPIObject;

  beforeAll(async () => {
    document = (await (await startTestApp()).api.get('/api/openapi.json')).json<OpenAPIObject>();
  });

  const propertiesOf = (name: string): readonly string[] => {
    const schema = document.components!.schemas![name] as { properties?: object } | undefined;
    if (!schema?.properties) throw new Error(`There is no schema ${name}.`);
    return Object.keys(schema.properties);
  };

  it('names every code with which an agent’s call is refused', () => {
    const operations = Object.values(document.paths).flatMap(({ get, post }) => [get, post]);
    const codes = operations
      .filter((operation) => operation?.tags?.includes('agent'))
      .flatMap((operation) => Object.values(operation!.responses) as { description: string }[])
      .flatMap(({ description }) => [...description.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code!));
    // The page has these by their status, and only a browser gets the last.
    const grouped = ['REQUEST_ERROR', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED', 'CROSS_SITE_REQUEST'];
    expect(codes.length).toBeGreaterThan(50);
    const missing = new Set(codes.filter((code) => !isNamed(code)));
    expect([...missing].filter((code) => !grouped.includes(code))).toEqual([]);
  });

  it('names every field that an agent sends or gets', () => {
    const fields = [...SPOKEN.flatMap(propertiesOf), ...propertiesOf('AgentCommand')];
    const missing = new Set(fields.filter((field) => !isNamed(field) && !LEFT_OUT.includes(field)));
    expect([...missing]).toEqual([]);
  });

  it('states the limits in force', () => {
    const { services, items, name, message, short, actionName, value, schema, manifest } = LIMITS;
    const limits = [services, items, name, message, short, actionName, value, schema, manifest, LIMITS.timeout.max];
    expect(limits.filter((limit) => !PAGE.includes(limit.toLocaleString('en')))).toEqual([]);
  });

  it('names every format of a value', () => {
    expect(Object.keys(ValueFormat).filter((format) => !PAGE.includes(`\`${format}\``))).toEqual([]);
  });
});
