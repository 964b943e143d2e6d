import { TestBed } from '@angular/core/testing';
import type { JsonObject, PasskeyCeremony } from '#contracts';
import { Authenticator, PasskeyError, type PasskeyFailure } from '../app/core/passkeys/authenticator';

/** Replaces the browser's passkey dialog, which jsdom lacks; the spec decides the outcome. */
export class FakeAuthenticator implements Pick<Authenticator, keyof Authenticator> {
  readonly isSupported = true;
  /** The requested ceremonies, oldest first. */
  readonly asked: PasskeyCeremony[] = [];
  /** Set to make it fail. */
  failure: PasskeyFailure | null = null;

  create(ceremony: PasskeyCeremony): Promise<JsonObject> {
    return this.#answer(ceremony, 'made');
  }

  get(ceremony: PasskeyCeremony): Promise<JsonObject> {
    return this.#answer(ceremony, 'used');
  }

  #answer(ceremony: PasskeyCeremony, id: string): Promise<JsonObject> {
    this.asked.push(ceremony);
    return this.failure ? Promise.reject(new PasskeyError(this.failure)) : Promise.resolve({ id });
  }
}

/** Replaces the browser's dialog in a console that has not started yet. */
export const fakeAuthenticator = (): FakeAuthenticator => {
  const fake = new FakeAuthenticator();
  TestBed.configureTestingModule({ providers: [{ provide: Authenticator, useValue: fake }] });
  return fake;
};
