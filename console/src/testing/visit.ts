import { Location } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Route, Routes } from '@angular/router';
import type { Role } from '#contracts';
import { Refresh } from '../app/core/live/refresh';
import { settled, type Backend } from './backend';
import { goTo, overlay, signInAs, startConsole, type Screen } from './console';

/** Far longer than anything should take. */
const PATIENCE_MS = 10_000;

/** Stands for every other page. */
@Component({ template: '' })
class Elsewhere {}

/** All other addresses lead to an empty page. */
export const elsewhere: Route = { path: '**', component: Elsewhere };

export interface Visit {
  readonly backend: Backend;
  readonly screen: Screen;
}

/** Signs in a user with this role and opens an address. */
export const visit = async (url: string, routes: Routes, role: Role = 'operator'): Promise<Visit> => {
  const backend = startConsole([...routes, elsewhere]);
  await signInAs(role, backend);
  return { backend, screen: await goTo(url) };
};

/** The current address. */
export const address = (): string => TestBed.inject(Location).path();

/** Refreshes every live view. */
export const refreshed = async (): Promise<void> => {
  TestBed.inject(Refresh).now();
  await settled();
};

/** Waits until the condition holds. @throws after a while */
export const until = async (isSo: () => boolean): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`Timed out waiting for: ${String(isSo)}`);
    await settled();
  }
};

/** Waits until the open dialog has closed. */
export const dialogClosed = (): Promise<void> => until(() => overlay().all('[role=dialog]').length === 0);
