import type { Application } from 'express';

interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The method a layer answers; null for middleware, which Nest registers as a route of every method. */
const methodOf = ({ route }: RouteLayer): string | null => {
  const methods = Object.keys(route?.methods ?? {});
  return methods.length === 1 ? (methods[0] ?? null) : null;
};

/** Methods that some route answers at this path, in upper case; empty when there is none. */
export const allowedMethods = (app: Application, path: string): readonly string[] => {
  const layers = (app.router as unknown as { stack: readonly RouteLayer[] }).stack;
  const methods = layers.flatMap((layer) => {
    const method = methodOf(layer);
    return method !== null && layer.match(path) ? [method.toUpperCase()] : [];
  });
  // Express answers HEAD wherever it answers GET.
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
};
