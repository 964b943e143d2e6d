import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../../../common/errors.js';
import { CidrList } from '../../../common/ip-address.js';
import { AppConfig } from '../../../config/app-config.js';
import { clientInfoOf } from '../../../http/access.js';
import type { AuditRecord } from '../../audit/audit-record.js';
import { SampledAudit } from '../../audit/sampled-audit.js';

/** The part of the server that a path belongs to. */
type Side = 'admin' | 'agent';

/** Open to monitors and load balancers; reveals nothing about the fleet. */
const OPEN = /^\/(?:health|api\/system\/(?:health|version))\/?$/;

const SETTINGS = { admin: 'OPSTAGE_ADMIN_ALLOWED_CIDRS', agent: 'OPSTAGE_AGENT_ALLOWED_CIDRS' } as const;

/**
 * Everything that is not for agents is for users: the API, its docs, the console's files, and unknown paths. Only the SDK is for both: a
 * service's host installs it, and so does its author.
 */
const sidesOf = (path: string): readonly Side[] => {
  if (path.startsWith('/sdk/')) return ['agent', 'admin'];
  return path.startsWith('/api/agents/') ? ['agent'] : ['admin'];
};

/** Admits only requests from the configured networks. An address that a proxy reports counts only if the proxy is trusted. */
@Injectable()
export class IpAllowList {
  readonly #allowed: Readonly<Record<Side, CidrList | null>>;

  constructor(
    { adminAllowedCidrs, agentAllowedCidrs }: AppConfig,
    private readonly sampled: SampledAudit,
  ) {
    const networks = (cidrs: readonly string[]): CidrList | null => (cidrs.length > 0 ? new CidrList(cidrs) : null);
    this.#allowed = { admin: networks(adminAllowedCidrs), agent: networks(agentAllowedCidrs) };
  }

  /** Whether any network is configured; without one, every address is admitted. */
  get isActive(): boolean {
    return this.#allowed.admin !== null || this.#allowed.agent !== null;
  }

  /** Middleware that refuses a request before its cookies and body are read. */
  readonly middleware = (request: Request, _response: Response, next: NextFunction): void => {
    const sides = sidesOf(request.path);
    const [side] = sides;
    if (OPEN.test(request.path) || !side || sides.some((one) => this.#admits(one, request))) {
      next();
      return;
    }
    this.sampled.record(refusal(request, side)).then(() => {
      next(addressNotAllowed(clientInfoOf(request).ipAddress, side));
    }, next);
  };

  #admits(side: Side, request: Request): boolean {
    return this.#allowed[side]?.includes(clientInfoOf(request).ipAddress) ?? true;
  }
}

/** Names the address as the server sees it: behind an untrusted proxy, that is the proxy's own. */
const addressNotAllowed = (address: string | null, side: Side): DomainError =>
  new DomainError(
    'ADDRESS_NOT_ALLOWED',
    `This part of the server does not answer the network address ${address ?? 'of this request'} (${SETTINGS[side]}).`,
  );

const refusal = (request: Request, side: Side): AuditRecord => {
  const { method } = request;
  const path = request.path.slice(0, 200);
  return {
    actor: { kind: side === 'admin' ? 'unknown-user' : 'unknown-agent', origin: clientInfoOf(request) },
    action: 'access.denied',
    target: { type: side === 'admin' ? 'User' : 'Agent', id: null },
    message: `${method} ${path} was refused (address).`,
    metadata: { reason: 'address', method, path },
  };
};
