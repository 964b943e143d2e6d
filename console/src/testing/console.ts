import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import {
  importProvidersFrom,
  inject,
  makeEnvironmentProviders,
  provideAppInitializer,
  type EnvironmentProviders,
} from '@angular/core';
import { DeferBlockBehavior, TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding, type Routes } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { TranslocoTestingModule } from '@jsverse/transloco';
import type { Role } from '#contracts';
import { apiInterceptor } from '../app/core/api/api.interceptor';
import { provideInterpolation } from '../app/core/i18n/interpolation';
import { provideVisibleMarks } from '../app/core/i18n/visible-marks';
import { registerIcons } from '../app/core/icons/icons';
import { EVENT_SOURCE } from '../app/core/live/event-source';
import { Session } from '../app/core/session/session';
import { texts as en } from '../i18n/en';
import { texts as zh } from '../i18n/zh';
import { Backend, settled } from './backend';
import { aSession } from './builders';
import { FakeEventSources } from './event-sources';

/** The application's providers, with a fake server and the real texts, initially English. */
export const provideConsole = (routes: Routes = []): EnvironmentProviders =>
  makeEnvironmentProviders([
    provideHttpClient(withInterceptors([apiInterceptor])),
    provideHttpClientTesting(),
    { provide: EVENT_SOURCE, useFactory: () => inject(FakeEventSources).open },
    provideRouter(routes, withComponentInputBinding()),
    importProvidersFrom(
      TranslocoTestingModule.forRoot({
        langs: { en, zh },
        preloadLangs: true,
        translocoConfig: { availableLangs: ['en', 'zh'], defaultLang: 'en', reRenderOnLangChange: true },
      }),
    ),
    provideInterpolation(),
    provideVisibleMarks(),
    provideAppInitializer(registerIcons),
  ]);

/** A console without a signed-in user. */
export const startConsole = (routes: Routes = []): Backend => {
  // Deferred blocks are charts, which jsdom cannot draw.
  TestBed.configureTestingModule({
    providers: [provideConsole(routes)],
    deferBlockBehavior: DeferBlockBehavior.Manual,
  });
  return new Backend();
};

/** Signs in a user of this role. */
export const signInAs = async (role: Role, backend: Backend): Promise<void> => {
  const loading = TestBed.inject(Session).load();
  await backend.answer('/api/admin/auth/me', aSession(role));
  await loading;
};

/** The CDK still uses these. */
const KEY_CODES: Readonly<Record<string, number>> = { Enter: 13, Escape: 27, ArrowUp: 38, ArrowDown: 40 };

/** The rendered page: a spec finds things as a user does. */
export class Screen {
  constructor(readonly root: HTMLElement) {}

  /** All text, with white space collapsed. */
  get text(): string {
    return squeezed(this.root);
  }

  /** The text of each match, with white space collapsed. */
  texts(selector: string): readonly string[] {
    return this.all(selector).map(squeezed);
  }

  all<E extends Element = HTMLElement>(selector: string): readonly E[] {
    return [...this.root.querySelectorAll<E>(selector)];
  }

  /** The first that matches. @throws when there is none */
  one<E extends Element = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (!found) throw new Error(`There is no ${selector} in: ${this.text}`);
    return found;
  }

  /** The button or link with this name. @throws when there is none */
  named(name: string, selector = 'button, a'): HTMLElement {
    const found = this.all(selector).find((one) => nameOf(one) === name);
    if (!found) throw new Error(`Nothing is called ${name}; there are: ${this.names(selector).join(', ')}`);
    return found;
  }

  names(selector = 'button, a'): readonly string[] {
    return this.all(selector).map(nameOf);
  }

  async click(name: string, selector?: string): Promise<void> {
    this.named(name, selector).click();
    await settled();
  }

  async type(selector: string, text: string): Promise<void> {
    const field = this.one<HTMLInputElement>(selector);
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
  }

  /** The input, text area or select with this label. @throws when there is none */
  field<E extends HTMLElement = HTMLInputElement>(label: string): E {
    const found = this.#formField(label).querySelector<E>('input, textarea, mat-select');
    if (!found) throw new Error(`${label} has nothing to fill in.`);
    return found;
  }

  /** The error of the field with this label; empty when there is none. */
  faultOf(label: string): string {
    return this.#formField(label).querySelector('mat-error')?.textContent.trim() ?? '';
  }

  async fill(label: string, text: string): Promise<void> {
    const field = this.field(label);
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('blur'));
    await settled();
  }

  /** Opens the select with this label and chooses an option. */
  async choose(label: string, option: string): Promise<void> {
    this.#formField(label).querySelector<HTMLElement>('.mat-mdc-select-trigger')?.click();
    await settled();
    await overlay().click(option, 'mat-option');
  }

  #formField(label: string): HTMLElement {
    // A required field has a star at its label.
    const labelOf = (field: HTMLElement): string | undefined =>
      field
        .querySelector('mat-label')
        ?.textContent.replace(/\*\s*$/, '')
        .trim();
    const fields = this.all('mat-form-field');
    const found = fields.find((field) => labelOf(field) === label);
    if (!found) throw new Error(`No field is called ${label}; there are: ${fields.map(labelOf).join(', ')}`);
    return found;
  }

  async press(key: string, on: Element = document.activeElement ?? document.body): Promise<void> {
    on.dispatchEvent(
      new KeyboardEvent('keydown', { key, keyCode: KEY_CODES[key] ?? 0, bubbles: true, cancelable: true }),
    );
    await settled();
  }
}

const squeezed = ({ textContent }: Element): string => textContent.replace(/\s+/g, ' ').trim();

const nameOf = (element: Element): string => element.getAttribute('aria-label') ?? squeezed(element);

/** Opens an address of the routes given to {@link startConsole}. */
export const goTo = async (url: string): Promise<Screen> => {
  const harness = await RouterTestingHarness.create(url);
  await settled();
  return new Screen(harness.fixture.nativeElement as HTMLElement);
};

/** The rendered fixture. */
export const screenOf = async (fixture: ComponentFixture<unknown>): Promise<Screen> => {
  await settled();
  return new Screen(fixture.nativeElement as HTMLElement);
};

/** The overlays: dialogs, menus, messages. */
export const overlay = (): Screen => {
  const container = document.querySelector<HTMLElement>('.cdk-overlay-container');
  return new Screen(container ?? document.createElement('div'));
};
