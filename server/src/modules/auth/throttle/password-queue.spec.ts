import { PasswordQueue } from './password-queue.js';

const setUp = () => {
  const queue = new PasswordQueue();
  const order: string[] = [];
  const gate = Promise.withResolvers<boolean>();
  const running: Promise<unknown>[] = [queue.run({ name: 'first', address: '192.0.2.200' }, () => gate.promise)];
  const add = (name: string, address: string | null, work = () => Promise.resolve()): void => {
    running.push(
      queue.run({ name, address }, () => {
        order.push(name);
        return work();
      }),
    );
  };
  const finish = async (): Promise<readonly string[]> => {
    gate.resolve(true);
    await Promise.all(running);
    return order;
  };
  return { queue, add, finish };
};

/** Keeps the thread busy for some time. */
const check = (): Promise<void> => {
  const until = performance.now() + 2;
  while (performance.now() < until);
  return Promise.resolve();
};

describe('The queue of password checks', () => {
  it('has room for ten attempts of one name from any addresses, ignoring its case, and then for other names', async () => {
    const { queue, add, finish } = setUp();
    for (let index = 0; index < 10; index += 1) add('ada', `192.0.2.${index}`);
    expect(queue.isFull({ name: 'Ada', address: '192.0.2.99' })).toBe(true);
    expect(queue.isFull({ name: 'grace', address: '192.0.2.1' })).toBe(false);
    await finish();
    expect(queue.isFull({ name: 'ada', address: '192.0.2.99' })).toBe(false);
    expect(queue.pending).toBe(0);
  });

  it('has room for 25 attempts from one address with any names, and then for other addresses', async () => {
    const { queue, add, finish } = setUp();
    for (let index = 0; index < 25; index += 1) add(`name${index}`, '192.0.2.1');
    expect(queue.isFull({ name: 'ada', address: '192.0.2.1' })).toBe(true);
    expect(queue.isFull({ name: 'ada', address: '192.0.2.2' })).toBe(false);
    await finish();
  });

  it('is full with fifty attempts', async () => {
    const { queue, add, finish } = setUp();
    for (let index = 0; index < 49; index += 1) add(`name${index}`, null);
    expect(queue.isFull({ name: 'ada', address: '192.0.2.2' })).toBe(true);
    await finish();
  });

  it('lets another name of the same address, and another address, wait for one check of a busy name at most', async () => {
    const { add, finish } = setUp();
    for (let index = 0; index < 5; index += 1) add('busy', '192.0.2.1', check);
    add('beside', '192.0.2.1', check);
    add('elsewhere', '192.0.2.2', check);
    const order = await finish();
    expect(order.indexOf('elsewhere')).toBeLessThan(3);
    expect(order.indexOf('beside')).toBeLessThan(3);
  });
});
