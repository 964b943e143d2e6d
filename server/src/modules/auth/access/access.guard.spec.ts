import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Access, AgentAccess as AgentOnly, Public, type UserAccessRule } from '../../../http/access.js';
import type { ConnectionLimiter } from '../../../http/connections.js';
import type { RequestBodyReader } from '../../../http/request-body.js';
import { AccessGuard } from './access.guard.js';
import type { AgentAccess } from './agent-access.js';
import type { UserAccess } from './user-access.js';

class Controller {
  undecorated(): void {
    return;
  }

  @Public()
  open(): void {
    return;
  }

  @Access('operator')
  forOperators(): void {
    return;
  }

  @AgentOnly()
  forAgents(): void {
    return;
  }
}

/** A guard whose parts say that they were asked. */
const aGuard = (asked: string[]): AccessGuard => {
  const users = {
    authorize: (_request: unknown, _response: unknown, { role }: UserAccessRule) => Promise.resolve(asked.push(role) > 0),
  };
  const agents = {
    authorize: (_request: unknown, maxBytes: number) =>
      Promise.resolve(asked.push(`agent with up to ${maxBytes} bytes`) > 0),
    settle: (_request: unknown, bytes: number) => asked.push(`agent sent ${bytes}`),
  };
  const bodies = {
    limitFor: () => 100,
    read: () => {
      asked.push('body');
      return Promise.resolve(7);
    },
  };
  return new AccessGuard(
    new Reflector(),
    users as unknown as UserAccess,
    agents as unknown as AgentAccess,
    bodies as unknown as RequestBodyReader,
    { markAuthenticated: () => undefined } as unknown as ConnectionLimiter,
  );
};

const call = (asked: string[], handler: keyof Controller): Promise<boolean> =>
  aGuard(asked).canActivate(new ExecutionContextHost([{}, {}], Controller, Controller.prototype[handler]));

describe('AccessGuard', () => {
  it('refuses a handler without an access rule, whoever calls it', async () => {
    const asked: string[] = [];
    await expect(call(asked, 'undecorated')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(asked).toEqual([]);
  });

  it.each<[keyof Controller, readonly string[]]>([
    ['open', ['body']],
    ['forOperators', ['operator', 'body']],
    ['forAgents', ['agent with up to 100 bytes', 'body', 'agent sent 7']],
  ])('lets the rule of a handler decide, and no other, and then reads the body: %s', async (handler, expected) => {
    const asked: string[] = [];
    expect(await call(asked, handler)).toBe(true);
    expect(asked).toEqual(expected);
  });
});
