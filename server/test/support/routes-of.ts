import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { Application } from 'express';
import { ACCESS_METADATA, type AccessRule, HAS_EFFECT_METADATA } from '../../src/http/access.js';
import type { TestApp } from './start-test-app.js';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** The role, `agent` or `public`; null for a handler without an access rule. */
  readonly access: string | null;
  /** Whether it is marked as a GET with an effect. */
  readonly hasEffect: boolean;
}

export const routeName = ({ method, path }: Route): string => `${method} ${path}`;

const pathsOf = (target: object): readonly string[] =>
  [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();

const joined = (...parts: readonly string[]): string =>
  `/${parts.join('/')}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');

const accessOf = (handler: object): string | null => {
  const rule = Reflect.getMetadata(ACCESS_METADATA, handler) as AccessRule | undefined;
  return rule?.kind === 'user' ? rule.role : (rule?.kind ?? null);
};

const routesOfController = (controller: Type): Route[] => {
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name]!;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    return pathsOf(controller).flatMap((prefix) =>
      pathsOf(handler).map((path) => ({
        method: RequestMethod[method],
        path: joined(prefix, path),
        access: accessOf(handler),
        hasEffect: Reflect.getMetadata(HAS_EFFECT_METADATA, handler) === true,
      })),
    );
  });
};

/** Every route that a controller declares. */
export const declaredRoutes = (app: TestApp): readonly Route[] =>
  [...app.nest.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) => routesOfController(metatype as Type)),
  );

interface RouteLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** `METHOD path` of every route that Express answers, with or without a controller; without middleware for every method. */
export const servedRoutes = (app: TestApp): readonly string[] => {
  const express = app.nest.getHttpAdapter().getInstance() as Application;
  const { stack } = express.router as unknown as { readonly stack: readonly RouteLayer[] };
  return stack.flatMap(({ route }) => {
    const methods = Object.keys(route?.methods ?? {});
    return route && methods.length === 1 ? methods.map((method) => `${method.toUpperCase()} ${route.path}`) : [];
  });
};
