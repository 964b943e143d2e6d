import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import {
  Access,
  AgentAccess as AgentOnly,
  HasEffect,
  Public,
  ReadsOwnBody,
  type UserAccessRule,
} from '../../../http/access.js';
import type { RequestBodyReader } from '../../../http/body/request-body.js';
import type { ConnectionLimiter } from '../../../http/connections.js';
import type { PublicTimeLimit } from '../../../http/public-time-limit.js';
import { AccessGuard } from './access.guard.js';
import type { AgentAccess } from './agent-access.js';
import type { SameOriginCheck } from './same-origin.js';
import type { UserAccess } from './user-access.js';

class Controller {
  undecorated(): void {
    return;
  }

  @Public()
  open(): void {
    return;
  }

  @Public()
  @ReadsOwnBody()
  withOwnBody(): void {
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

  @Access('operator')
  @HasEffect()
  withEffect(): void {
    return;
  }
}

/** A guard whose collaborators record their calls. */
const aGuard = (calls: string[]): AccessGuard => {
  const users = {
    authorize: (_request: unknown, _response: unknown, { role }: UserAccessRule) =>
      Promise.resolve(calls.push(role) > 0),
  };
  const agents = {
    authorize: (_request: unknown, maxBytes: number) =>
      Promise.resolve(calls.push(`agent with up to ${maxBytes} bytes`) > 0),
    settle: (_request: unknown, bytes: number) => calls.push(`agent sent ${bytes}`),
    confirm: () => Promise.resolve(calls.push('agent is still allowed')),
  };
  const sameOrigin = {
    assertOwnPage: () => {
      calls.push('same origin');
      return Promise.resolve();
    },
  };
  const bodies = {
    limitFor: () => 100,
    read: () => {
      calls.push('body');
      return Promise.resolve(7);
    },
  };
  return new AccessGuard(
    new Reflector(),
    sameOrigin as unknown as SameOriginCheck,
    users as unknown as UserAccess,
    agents as unknown as AgentAccess,
    bodies as unknown as RequestBodyReader,
    { markAuthenticated: () => undefined } as unknown as ConnectionLimiter,
    { admit: () => calls.push('time') } as unknown as PublicTimeLimit,
  );
};

const call = (calls: string[], handler: keyof Controller, method = 'GET'): Promise<boolean> => {
  const setHeader = (name: string, value: string): number => calls.push(`${name}: ${value}`);
  const host = new ExecutionContextHost(
    [{ method, ip: '192.0.2.1', user: { id: 'usr_1' }, get: () => undefined }, { setHeader }],
    Controller,
    Controller.prototype[handler],
  );
  return aGuard(calls).canActivate(host);
};

describe('AccessGuard', () => {
  it('refuses every call to a handler without an access rule', async () => {
    const calls: string[] = [];
    await expect(call(calls, 'undecorated')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(calls).toEqual([]);
  });

  it.each<[keyof Controller, readonly string[]]>([
    ['open', ['time', 'body']],
    ['withOwnBody', []],
    ['forOperators', ['operator', 'body']],
    ['forAgents', ['agent with up to 100 bytes', 'body', 'agent sent 7', 'agent is still allowed']],
    ['withEffect', ['same origin', 'operator', 'body']],
  ])('applies the rule of the handler before it reads the body: %s', async (handler, expected) => {
    const calls: string[] = [];
    expect(await call(calls, handler)).toBe(true);
    expect(calls).toEqual(expected);
  });

  it('refuses HEAD for a GET with an effect before it identifies the caller', async () => {
    const calls: string[] = [];
    await expect(call(calls, 'withEffect', 'HEAD')).rejects.toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    expect(calls).toEqual(['Allow: GET']);
    expect(await call([], 'forOperators', 'HEAD')).toBe(true);
  });
});
