type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };
type Options = boolean | { readonly once?: boolean; readonly capture?: boolean; readonly signal?: AbortSignal };

/**
 * Makes `signal` report what its listeners throw, or reject with, to `onFailure`. Node.js would end the process for it: a
 * handler that throws when it is cancelled must not end its service. Returns the same signal.
 */
export const guardedSignal = (signal: AbortSignal, onFailure: (error: unknown) => void): AbortSignal => {
  const guards = new WeakMap<object, (event: Event) => void>();
  const guard = (listener: Listener): ((event: Event) => void) => {
    const known = guards.get(listener);
    if (known) return known;
    const guarded = (event: Event): void => {
      void callListener(listener, signal, event).catch(onFailure);
    };
    guards.set(listener, guarded);
    return guarded;
  };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  let onAbort: ((event: Event) => unknown) | null = null;
  Object.defineProperties(signal, {
    addEventListener: {
      value: (type: string, listener: Listener | null, options?: Options) => {
        if (listener) add(type, guard(listener), options);
      },
    },
    removeEventListener: {
      value: (type: string, listener: Listener | null, options?: Options) => {
        if (listener) remove(type, guard(listener), options);
      },
    },
    onabort: {
      get: () => onAbort,
      set: (listener: unknown) => {
        if (onAbort) remove('abort', guard(onAbort));
        onAbort = typeof listener === 'function' ? (listener as (event: Event) => unknown) : null;
        if (onAbort) add('abort', guard(onAbort));
      },
    },
  });
  return signal;
};

/** Calls at once, and rejects instead of throwing. */
const callListener = async (listener: Listener, signal: AbortSignal, event: Event): Promise<void> => {
  await (typeof listener === 'function' ? listener.call(signal, event) : listener.handleEvent(event));
};
