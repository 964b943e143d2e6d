import { FairQueue } from './fair-queue.js';

/** A task that ends when it is told to. */
class Task {
  readonly #ended = Promise.withResolvers<boolean>();

  constructor(
    private readonly name: string,
    private readonly order: string[],
  ) {}

  readonly work = async (): Promise<void> => {
    this.order.push(this.name);
    await this.#ended.promise;
  };

  end(): void {
    this.#ended.resolve(true);
  }
}

/** Uses up time of its owner. */
const busy = (ms: number) => (): Promise<void> => {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return Promise.resolve();
};

const setUp = () => {
  const queue = new FairQueue();
  const order: string[] = [];
  const first = new Task('first', order);
  const running = queue.run(['first'], true, first.work);
  /** Puts a task into the queue, behind the first one. */
  const add = (name: string, owner: readonly string[], isUrgent = true): Promise<void> =>
    queue.run(owner, isUrgent, () => {
      order.push(name);
      return Promise.resolve();
    });
  return { queue, order, first, running, add };
};

describe('A fair queue', () => {
  it('runs one task at a time, in the order of the calls while nobody used more time than others', async () => {
    const { order, first, add } = setUp();
    const all = [add('a', ['a']), add('b', ['b']), add('c', ['c'])];
    expect(order).toEqual(['first']);
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['first', 'a', 'b', 'c']);
  });

  it('lets wait who used the most time', async () => {
    const queue = new FairQueue();
    await queue.run(['greedy'], true, busy(20));
    const order: string[] = [];
    const first = new Task('first', order);
    const note = (name: string) => () => Promise.resolve(order.push(name));
    const all = [
      queue.run(['first'], true, first.work),
      queue.run(['greedy'], true, note('greedy 1')),
      queue.run(['greedy', 'another of its services'], true, note('greedy 2')),
      queue.run(['honest'], true, note('honest')),
    ];
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['first', 'honest', 'greedy 2', 'greedy 1']);
  });

  it('runs urgent tasks before others', async () => {
    const { order, first, add } = setUp();
    const all = [add('later', ['a'], false), add('urgent', ['b'])];
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['first', 'urgent', 'later']);
  });

  it('goes on after a task that fails', async () => {
    const queue = new FairQueue();
    const failing = queue.run(['a'], true, () => Promise.reject(new Error('It fails.')));
    const next = queue.run(['a'], true, () => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('It fails.');
    expect(await next).toBe('next');
  });
});
