import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserContext, ConsoleMessage, Page, Request, Route } from 'playwright-core';
import { eventually, type Credentials } from '#testing';

/** Where the stream of changes is. */
export const STREAM = '/api/admin/events';
const SCREENSHOTS = 'screenshots';
const TIMEOUT_MS = 20_000;
/** As long without a call of the API, the page has all it wants. */
const REST_MS = 500;

/** What the browser writes of a call that failed. */
const refused = (status: number): string => `status of ${String(status)} `;
const UNANSWERED = 'net::ERR_';

/** How a page is looked at. */
export interface Look {
  readonly theme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
}

/** Signed out, the console has to ask who one is. */
const EXPECTED = [{ path: '/api/admin/auth/me', says: refused(401) }];

/** One window on the console. Whatever goes wrong in it that a test did not announce is a fault. */
export class Visit {
  readonly #allowed = [...EXPECTED];
  readonly #faults: string[] = [];
  readonly #requests: Request[] = [];
  readonly #streams: Request[] = [];
  readonly #pending = new Set<Request>();
  #lastCallAt = 0;

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
    const settle = (request: Request): void => {
      if (this.#pending.delete(request)) this.#lastCallAt = Date.now();
    };
    page.on('requestfinished', settle);
    page.on('requestfailed', settle);
  }

  /** What went wrong since it was last asked for, and was not announced. */
  takeFaults(): readonly string[] {
    return this.#faults.splice(0);
  }

  /** Calls of the API made so far, but for the stream of changes. */
  get apiRequests(): readonly Request[] {
    return this.#requests;
  }

  /** Whether a stream of changes is open or on the way. */
  get hasStream(): boolean {
    return this.#streams.some((request) => this.#pending.has(request));
  }

  /** Announces that the server will refuse calls to this path: the browser writes that to its console. */
  expectRefusal(status: number, path: string): void {
    this.#allowed.push({ path, says: refused(status) });
  }

  /** Announces that calls to this path will get no answer. */
  expectNoAnswer(path: string): void {
    this.#allowed.push({ path, says: UNANSWERED });
  }

  /** From now on has `handle` answer whoever wants the stream of changes, and opens the page anew. */
  async blockStream(handle: (route: Route) => Promise<void>): Promise<void> {
    await this.context.route(`**${STREAM}`, handle);
    await this.goTo(this.address);
  }

  /** Goes to an address of the console and waits until the first answers are drawn. */
  async goTo(path: string): Promise<void> {
    // What the page before still waits for ends with it, and the browser does not always say so.
    this.#pending.clear();
    await this.page.goto(path);
    await this.page.locator('ops-root > :not(router-outlet)').first().waitFor();
    await this.drawn();
  }

  /** Waits until nothing on the page is still loading. */
  async drawn(): Promise<void> {
    await this.page.locator('ops-skeleton').first().waitFor({ state: 'detached' });
  }

  /** Waits until the page has all it asked for, and asked for no more in `ms`; the stream of changes aside. */
  async atRest(ms = REST_MS): Promise<void> {
    await eventually(() => {
      const pending = [...this.#pending].filter((request) => !this.#streams.includes(request));
      expect(pending.map((request) => request.url())).toEqual([]);
      expect(Date.now() - this.#lastCallAt).toBeGreaterThan(ms);
    });
  }

  /** Waits until nothing moves but what always does; with less motion asked for, colours still blend. */
  async still(): Promise<void> {
    await this.page.evaluate(async () => {
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    });
  }

  /** Shows the page as it stands in another theme and width. */
  async lookAs({ theme, viewport }: Look): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.setViewportSize(viewport);
    await this.still();
  }

  /** Waits until the dot says that changes get here like this. */
  async says(state: 'live' | 'reconnecting' | 'polling'): Promise<void> {
    await this.page.locator(`ops-live-dot [data-state=${state}]`).waitFor();
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
      ({ path, says }) => url.startsWith(this.origin + path) && message.text().includes(says),
    );
    if (!isAllowed) this.#faults.push(`console ${message.type()}: ${message.text()} (${url})`);
  }

  #onRequest(request: Request): void {
    const url = request.url();
    if (url.startsWith(`${this.origin}/api/`)) this.#onCall(request);
    else if (!url.startsWith(`${this.origin}/`) && !url.startsWith('data:'))
      this.#faults.push(`foreign request: ${url}`);
  }

  #onCall(request: Request): void {
    this.#pending.add(request);
    this.#lastCallAt = Date.now();
    (request.url() === this.origin + STREAM ? this.#streams : this.#requests).push(request);
  }
}
