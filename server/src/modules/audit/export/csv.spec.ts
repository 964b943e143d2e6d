import type { AuditEvent } from '#contracts';
import { csvRows } from './csv.js';

const anEvent = (message: string): AuditEvent => ({
  id: 'aud_1',
  actorType: 'SYSTEM',
  actorId: null,
  actorName: null,
  action: 'maintenance.run',
  targetType: 'Workspace',
  targetId: 'default',
  result: 'SUCCESS',
  message,
  ipAddress: null,
  userAgent: null,
  metadata: {},
  createdAt: '2026-11-23T16:24:49.187Z',
});

const messageCell = (message: string): string => {
  const [, cell = ''] = /,SUCCESS,([^]*),,,\{\}\r\n$/.exec(csvRows([anEvent(message)])) ?? [];
  return cell;
};

describe('a CSV cell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1'])(
    'that starts with %j is not run as a formula',
    (message) => {
      expect(messageCell(message).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it.each(['\r=1', '\n=1', '\0=1', 'one\ntwo', 'a "word"', 'a,b'])('that contains %j is quoted', (message) => {
    expect(messageCell(message)).toMatch(/^"[^]*"$/);
  });

  it('with plain text is left alone', () => {
    expect(messageCell('1 - 1 = 0, 服务'.replace(',', ';'))).toBe('1 - 1 = 0; 服务');
  });
});
