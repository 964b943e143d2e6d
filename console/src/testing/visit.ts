import { Location } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Route, Routes } from '@angular/router';
import type { Role } from '#contracts';
import { Refresh } from '../app/core/live/refresh';
import { settled, type Backend } from './backend';
import { goTo, overlay, signInAs, startConsole, type Screen } from './console';

/** Far longer than anything takes. */
const PATIENCE_MS = 10_000;

/** Stands for every page that a spec is not about. */
@Component({ template: '' })
class Elsewhere {}

/** All other addresses are there, but empty. */
export const elsewhere: Route = { path: '**', component: Elsewhere };

export interface Visit {
  readonly backend: Backend;
  readonly screen: Screen;
}

/** Signs in a user of this role and goes to an address of these routes. */
export const visit = async (url: string, routes: Routes, role: Role = 'operator'): Promise<Visit> => {
  const backend = startConsole([...routes, elsewhere]);
  await signInAs(role, backend);
  return { backend, screen: await goTo(url) };
};

/** Where the browser is. */
export const address = (): string => TestBed.inject(Location).path();

/** Has every live view read again, as time does. */
export const refreshed = async (): Promise<void> => {
  TestBed.inject(Refresh).now();
  await settled();
};

/** Lets time go by until it is so. @throws when it does not come to be */
export const until = async (isSo: () => boolean): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`It never came to be that ${String(isSo)}`);
    await settled();
  }
};

/** A dialog answers when it has faded out. */
export const dialogClosed = (): Promise<void> => until(() => overlay().all('[role=dialog]').length === 0);
