import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import type { Credentials } from '#testing';
import { Installation, USERS, type InstallationOptions } from './installation.js';
import { Visit, type Look } from './visit.js';

const START_MS = 90_000;
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const WIDE = { width: 1280, height: 800 } as const;
export const NARROW = { width: 390, height: 780 } as const;

export interface VisitOptions extends Partial<Look> {
  /** Who is signed in from the start; null is nobody; the owner when left out. */
  readonly as?: Credentials | null;
  readonly language?: 'en' | 'zh';
  /** By which name the browser goes there; the address when left out. Passkeys need a name. */
  readonly host?: 'localhost';
}

/** What the tests of one file play on: an installation and a browser. */
export class Stage {
  readonly #visits: Visit[] = [];
  readonly #windows: Visit[] = [];

  private constructor(
    readonly installation: Installation,
    private readonly browser: Browser,
  ) {}

  static async open(options?: InstallationOptions): Promise<Stage> {
    const executablePath = process.env.OPSTAGE_TEST_CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ARGS });
    try {
      return new Stage(await Installation.start(options), browser);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** A visit to this address, by a browser that knows nothing but who is signed in; it ends with the test. */
  async visit(path: string, options: VisitOptions = {}): Promise<Visit> {
    const visit = await this.#open(options);
    this.#visits.push(visit);
    await visit.goTo(path);
    return visit;
  }

  /** A window that is nowhere yet, and stays open from test to test: it keeps the files of the console. */
  async window(options: VisitOptions = {}): Promise<Visit> {
    const window = await this.#open(options);
    this.#windows.push(window);
    return window;
  }

  /** Ends the visits of a test. @throws when anything went wrong in one of them, or in a window */
  async endVisits(): Promise<void> {
    const visits = this.#visits.splice(0);
    for (const { context } of visits) await context.close();
    expect([...visits, ...this.#windows].flatMap((visit) => visit.takeFaults())).toEqual([]);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.installation.stop();
  }

  async #open(options: VisitOptions): Promise<Visit> {
    const { as = USERS.owner, viewport = WIDE, theme = 'light', language = 'en' } = options;
    const url = this.installation.url.replace('127.0.0.1', options.host ?? '127.0.0.1');
    const context = await this.browser.newContext({
      baseURL: url,
      viewport,
      colorScheme: theme,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
        console.error(`CSP violation: ${violatedDirective} ${blockedURI} ${sourceFile}`);
      });
    });
    if (as) await this.#letIn(context, as);
    return new Visit(await context.newPage(), context, url);
  }

  /** Signs in without the form: by the cookie of a session. */
  async #letIn(context: BrowserContext, user: Credentials): Promise<void> {
    const { cookie } = await this.installation.as(user);
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: this.installation.url, httpOnly: true, sameSite: 'Lax' }]);
  }
}

/** Opens a stage for the tests of a file, and fails each test whose visits had faults. */
export const useStage = (options?: InstallationOptions): (() => Stage) => {
  let stage: Stage | null = null;
  beforeAll(async () => {
    stage = await Stage.open(options);
  }, START_MS);
  afterEach(async () => {
    await stage?.endVisits();
  });
  afterAll(async () => {
    await stage?.close();
  });
  return () => {
    if (!stage) throw new Error('The stage is not open yet.');
    return stage;
  };
};
