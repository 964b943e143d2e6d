import { readFileSync } from 'node:fs';
import { SideThread } from './worker-pool.js';

const threads: SideThread<unknown, unknown>[] = [];

/** A thread that does with each question what `body`, an expression over `question`, says. */
const threadThat = (body: string): SideThread<unknown, unknown> => {
  const script = `import { parentPort } from 'node:worker_threads';
    import { readFileSync } from 'node:fs';
    parentPort.on('message', (question) => { parentPort.postMessage(${body}); });`;
  const thread = new SideThread<unknown, unknown>(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
  threads.push(thread);
  return thread;
};

/** The 19th field of a thread's record (proc(5)): how much it lets others go first. */
const NICENESS = "readFileSync('/proc/thread-self/stat', 'utf8').split(') ').at(-1).split(' ')[16]";
const ownNiceness = (): string => readFileSync('/proc/thread-self/stat', 'utf8').split(') ').at(-1)!.split(' ')[16]!;

describe('a thread beside the serving one', () => {
  afterEach(async () => {
    await Promise.all(threads.splice(0).map((thread) => thread.close()));
  });

  it('answers each question, in their order', async () => {
    const thread = threadThat('question * 2');
    expect(await Promise.all([1, 2, 3].map((question) => thread.ask(question)))).toEqual([2, 4, 6]);
  });

  it('tells who asked what became of it, and the next gets a new one', async () => {
    const thread = threadThat("question === 'end' ? process.exit(3) : question");
    await expect(thread.ask('end')).rejects.toThrow();
    expect(await thread.ask('again')).toBe('again');
  });

  it('also starts in a process that was started with options of V8, which a thread does not take', async () => {
    const inherited = process.execArgv;
    process.execArgv = [...inherited, '--max-old-space-size=400'];
    try {
      expect(await threadThat('question').ask('there')).toBe('there');
    } finally {
      process.execArgv = inherited;
    }
  });

  // Else a long question takes half of an only core from everybody who is served.
  it('lets the serving one go first', async () => {
    const before = ownNiceness();
    expect(Number(await threadThat(NICENESS).ask(null))).toBeGreaterThan(Number(before));
    expect(ownNiceness()).toBe(before);
  });
});
