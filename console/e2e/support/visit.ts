import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserContext, ConsoleMessage, Page, Request } from 'playwright-core';
import type { Credentials } from './installation.js';

const SCREENSHOTS = 'screenshots';
const TIMEOUT_MS = 20_000;

/** Signed out, the console has to ask who one is. */
const EXPECTED = [{ status: 401, path: '/api/admin/auth/me' }];

/** One window on the console. Whatever goes wrong in it that a test did not announce is a fault. */
export class Visit {
  readonly #allowed = [...EXPECTED];
  readonly #faults: string[] = [];
  readonly #requests: Request[] = [];

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly origin: string,
  ) {
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on('pageerror', (error) => this.#faults.push(`page error: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      this.#onConsole(message);
    });
    page.on('request', (request) => {
      this.#onRequest(request);
    });
  }

  /** What went wrong and was not announced. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Calls of the API made so far. */
  get apiRequests(): readonly Request[] {
    return this.#requests;
  }

  /** Announces that the server will refuse calls to this path: the browser writes that to its console. */
  expectRefusal(status: number, path: string): void {
    this.#allowed.push({ status, path });
  }

  /** Goes to an address of the console and waits until the first answers are drawn. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.locator('ops-root > :not(router-outlet)').first().waitFor();
    await this.drawn();
  }

  /** Waits until nothing on the page is still loading. */
  async drawn(): Promise<void> {
    await this.page.locator('ops-skeleton').first().waitFor({ state: 'detached' });
  }

  /** Fills in the sign-in form that is on the screen. */
  async signIn({ username, password }: Credentials): Promise<void> {
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** Path and query of the address. */
  get address(): string {
    return this.page.url().slice(this.origin.length);
  }

  /** Keeps what is seen now in the folder `screenshots/`. */
  async screenshot(name: string): Promise<void> {
    const path = join(SCREENSHOTS, `${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    await this.page.screenshot({ path, animations: 'disabled' });
  }

  /** How far the page can be moved sideways; none is right. */
  sidewaysPx(): Promise<number> {
    return this.page.evaluate(() => {
      const scrollers = [document.documentElement, ...document.querySelectorAll('mat-sidenav-content')];
      return Math.max(...scrollers.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    });
  }

  #onConsole(message: ConsoleMessage): void {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const url = message.location().url;
    const isAllowed = this.#allowed.some(
      ({ status, path }) => url.startsWith(this.origin + path) && message.text().includes(`status of ${status} `),
    );
    if (!isAllowed) this.#faults.push(`console ${message.type()}: ${message.text()} (${url})`);
  }

  #onRequest(request: Request): void {
    const url = request.url();
    if (url.startsWith(`${this.origin}/api/`)) this.#requests.push(request);
    else if (!url.startsWith(`${this.origin}/`) && !url.startsWith('data:'))
      this.#faults.push(`foreign request: ${url}`);
  }
}
