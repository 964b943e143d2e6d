import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { RequestOrigin } from '../../../common/http/identity.js';
import { originOf } from '../../../common/http/request-origin.js';
import { KnownDevices, type KnownDevice } from './known-devices.js';

/** Where a sign-in comes from. */
export interface SignInSource {
  readonly origin: RequestOrigin;
  /** The browser, if somebody has signed in on it before. */
  readonly device: KnownDevice | null;
}

@Injectable()
export class SignInSources {
  constructor(private readonly devices: KnownDevices) {}

  of(request: Request): SignInSource {
    return { origin: originOf(request), device: this.devices.read(request) };
  }
}
