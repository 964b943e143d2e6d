import type { Application } from 'express';

interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Methods that some route answers at this path, in upper case; empty when there is none. */
export const allowedMethods = (app: Application, path: string): readonly string[] => {
  const layers = (app.router as unknown as { stack: readonly RouteLayer[] }).stack;
  const methods = layers.flatMap((layer) => (layer.route && layer.match(path) ? Object.keys(layer.route.methods) : []));
  return [...new Set(methods.map((method) => method.toUpperCase()))].filter((method) => method !== '_ALL');
};
