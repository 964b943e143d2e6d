import type { OpenAPIObject } from '@nestjs/swagger';
import { AUDIT_EXPORT_FORMATS, CODE_PATTERN, ERROR_STATUS } from '#contracts';
import { ROUTE_TABLE } from '../security/route-table.js';
import { startTestApp } from '../support/start-test-app.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const AGENT_ID = { type: 'string', pattern: '^agt_[0-9A-HJKMNP-TV-Z]{26}$' };
const TEXT = { type: 'string' };

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: object;
}
interface Schema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

/** The codes with which an operation says that it refuses, by status. */
const refusalsOf = ({ responses }: Operation): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(responses)
      .filter(([status]) => status.startsWith('4'))
      .map(([status, answer]) => [
        status,
        [...(answer as { description: string }).description.matchAll(/`(\w+)`/g)].map(([, code]) => code!),
      ]),
  );

describe('the API’s description of requests', () => {
  let document: OpenAPIObject;
  const operations = new Map<string, { readonly route: string; readonly operation: Operation }>();

  beforeAll(async () => {
    const app = await startTestApp();
    document = (await app.api.get('/api/openapi.json')).json<OpenAPIObject>();
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of METHODS) {
        const operation = item[method];
        const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
        if (operation) operations.set(operation.operationId ?? '', { route, operation });
      }
    }
  });

  const operationOf = (id: string): Operation => operations.get(id)!.operation;
  const parametersOf = (id: string, place: string): Readonly<Record<string, Parameter>> =>
    Object.fromEntries(
      ((operationOf(id).parameters ?? []) as Parameter[])
        .filter((one) => one.in === place)
        .map((one) => [one.name, one]),
    );
  const schemaOf = (name: string): Schema => document.components!.schemas![name] as unknown as Schema;

  it('lets a poll wait, and leave its parameters out', () => {
    const { wait, limit, holding } = parametersOf('pollCommands', 'query');
    expect(wait).toMatchObject({ required: false, schema: { type: 'integer', default: 0 } });
    expect(limit).toMatchObject({ required: false, schema: { type: 'integer', default: 10 } });
    expect(holding).toMatchObject({ required: false, schema: { type: 'array', items: { type: 'string' } } });
  });

  it('lists only the parameters of an export that count', () => {
    const query = parametersOf('exportAuditEvents', 'query');
    expect(Object.keys(query)).toEqual(expect.arrayContaining(['format', 'action', 'from', 'to']));
    for (const ignored of ['page', 'pageSize', 'cursor', 'sort']) expect(query).not.toHaveProperty(ignored);
    expect(query.format).toMatchObject({
      required: false,
      schema: { default: 'json', enum: [...AUDIT_EXPORT_FORMATS].sort() },
    });
  });

  it('describes the path of every agent’s own route', () => {
    for (const id of ['sendHeartbeat', 'reportServices', 'pollCommands', 'rotateAgentToken', 'submitCommandResult'])
      expect(parametersOf(id, 'path').agentId).toMatchObject({ required: true, schema: AGENT_ID });
    expect(parametersOf('submitCommandResult', 'path').commandId?.schema).toMatchObject({
      pattern: expect.stringMatching(/^\^cmd_/) as unknown,
    });
  });

  it('takes whatever a report may contain', () => {
    const config = schemaOf('ReportedConfigBody');
    for (const field of ['valuePreview', 'defaultValue'])
      expect(config.properties[field]).toMatchObject({
        anyOf: expect.arrayContaining(['null', 'string', 'number', 'boolean'].map((type) => ({ type }))) as unknown,
      });
    expect(config.required).toEqual(['key', 'type']);
    expect(schemaOf('ReportedActionBody').properties.order).toMatchObject({ type: 'integer' });
    expect(schemaOf('ReportedActionBody').properties.timeoutSeconds).toMatchObject({ type: 'integer', minimum: 1 });
    expect(schemaOf('ReportedServiceBody').properties.code).toMatchObject({
      pattern: CODE_PATTERN.source,
      minLength: 1,
      maxLength: 80,
    });
    expect(schemaOf('AgentDescriptionBody').properties.code).toMatchObject({ pattern: CODE_PATTERN.source });
    expect(schemaOf('CommandResultBody').properties.error).toMatchObject({
      type: 'object',
      properties: { code: TEXT, message: TEXT },
    });
    expect(schemaOf('CommandResultBody').required).toEqual(['success']);
  });

  it('has no schema without a name that says what it is', () => {
    expect(document.components?.schemas).not.toHaveProperty('Object');
    expect(JSON.stringify(document)).not.toContain('"$ref":"#/components/schemas/Object"');
    for (const { operation } of operations.values())
      expect(
        (operation.parameters ?? []).filter((one) => 'schema' in one && JSON.stringify(one.schema) === '{}'),
      ).toEqual([]);
  });

  it('asks people for the CSRF token with everything they change, and nobody else', () => {
    const asked = [...operations].filter(([id]) => parametersOf(id, 'header')['X-CSRF-Token']?.required);
    const expected = Object.entries(ROUTE_TABLE)
      .filter(([route, access]) => access !== 'public' && access !== 'agent' && !route.startsWith('GET '))
      .map(([route]) => route);
    expect(asked.map(([, { route }]) => route).sort()).toEqual(expected.sort());
  });

  it('says that public routes need no credential', () => {
    for (const { route, operation } of operations.values())
      if (ROUTE_TABLE[route] === 'public') expect({ [route]: operation.security }).toEqual({ [route]: [] });
  });

  it('names the codes with which each call of an agent is refused', () => {
    const own = ['AGENT_DISABLED', 'AGENT_ID_MISMATCH', 'AGENT_REVOKED'];
    for (const id of ['sendHeartbeat', 'pollCommands', 'reportServices', 'submitCommandResult', 'rotateAgentToken']) {
      const refusals = refusalsOf(operationOf(id));
      expect(refusals['401']).toEqual(['UNAUTHORIZED']);
      expect(refusals['403']).toEqual(expect.arrayContaining(own));
      expect(refusals['429']).toEqual(['RATE_LIMITED']);
    }
    expect(refusalsOf(operationOf('registerAgent'))).toMatchObject({
      401: ['REGISTRATION_TOKEN_EXPIRED', 'REGISTRATION_TOKEN_INVALID', 'REGISTRATION_TOKEN_REVOKED'],
      409: ['AGENT_CODE_TAKEN', 'AGENT_SERVICE_LIMIT', 'CAPSULE_SERVICE_CODE_TAKEN', 'REGISTRATION_TOKEN_USED'],
    });
    expect(refusalsOf(operationOf('submitCommandResult'))).toMatchObject({
      404: ['COMMAND_NOT_FOUND'],
      409: ['COMMAND_ALREADY_COMPLETED'],
      413: ['COMMAND_RESULT_TOO_LARGE', 'PAYLOAD_TOO_LARGE'],
    });
  });

  it('declares every code below a status that it has', () => {
    for (const { route, operation } of operations.values()) {
      for (const [status, codes] of Object.entries(refusalsOf(operation))) {
        // People get a conflict where an agent cannot take a command.
        const known = codes.map((code) =>
          status === '409' && code.startsWith('AGENT_') ? 409 : ERROR_STATUS[code as keyof typeof ERROR_STATUS],
        );
        expect({ [`${route} ${status}`]: [...new Set(known)] }).toEqual({ [`${route} ${status}`]: [Number(status)] });
      }
    }
  });
});
