import { Location } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Routes } from '@angular/router';
import type { Role } from '#contracts';
import { Refresh } from '../app/core/refresh/refresh';
import { settled, type Backend } from './backend';
import { goTo, overlay, signInAs, startConsole, type Screen } from './console';

/** Stands for every page that a spec is not about. */
@Component({ template: '' })
class Elsewhere {}

export interface Visit {
  readonly backend: Backend;
  readonly screen: Screen;
}

/** Signs in a user of this role and goes to an address of these routes; all other addresses are there, but empty. */
export const visit = async (url: string, routes: Routes, role: Role = 'operator'): Promise<Visit> => {
  const backend = startConsole([...routes, { path: '**', component: Elsewhere }]);
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

/** Lets time go by until it is so. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await settled();
};

/** A dialog answers when it has faded out. */
export const dialogClosed = (): Promise<void> => until(() => overlay().all('[role=dialog]').length === 0);
