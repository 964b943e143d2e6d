import { TestBed } from '@angular/core/testing';
import type { JsonObject, PasskeyCeremony } from '#contracts';
import { Authenticator, PasskeyError, type PasskeyFailure } from '../app/core/passkeys/authenticator';

/** The browser's dialog for passkeys, which jsdom has none of; the spec says what comes of it. */
export class FakeAuthenticator implements Pick<Authenticator, keyof Authenticator> {
  readonly isSupported = true;
  /** What it was asked for, oldest first. */
  readonly asked: PasskeyCeremony[] = [];
  /** Set for what comes to nothing. */
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

/** Takes the place of the browser's dialog, in a console that has yet to start. */
export const fakeAuthenticator = (): FakeAuthenticator => {
  const fake = new FakeAuthenticator();
  TestBed.configureTestingModule({ providers: [{ provide: Authenticator, useValue: fake }] });
  return fake;
};
