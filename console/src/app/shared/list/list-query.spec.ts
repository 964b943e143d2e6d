import { Location } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { RouterTestingHarness } from '@angular/router/testing';
import { settled } from '../../../testing/backend';
import { startConsole } from '../../../testing/console';
import { listQuery } from './list-query';

@Component({ template: '' })
class List {
  readonly query = listQuery({ page: 1, sort: '-seen', q: '', status: [] as readonly string[] });
}

const open = async (url: string) => {
  startConsole([{ path: 'list', component: List }]);
  const { query } = await (await RouterTestingHarness.create()).navigateByUrl(url, List);
  const change = async (act: () => void): Promise<string> => {
    act();
    await settled();
    return TestBed.inject(Location).path();
  };
  return { query, change };
};

describe('listQuery', () => {
  it('has its defaults where the address says nothing', async () => {
    const { query } = await open('/list');
    expect(query.value()).toEqual({ page: 1, sort: '-seen', q: '', status: [] });
    expect(query.search()).toBe('page=1&sort=-seen');
    expect(query.isFiltered()).toBe(false);
  });

  it('reads the address, lists too', async () => {
    const { query } = await open('/list?page=3&sort=name&q=till%201&status=ONLINE&status=OFFLINE');
    expect(query.value()).toEqual({ page: 3, sort: 'name', q: 'till 1', status: ['ONLINE', 'OFFLINE'] });
    expect(query.search()).toBe('page=3&sort=name&q=till+1&status=ONLINE&status=OFFLINE');
    expect(query.isFiltered()).toBe(true);
  });

  it.each(['0', '-1', '1.5', 'x', ''])('takes the page %p for the first one', async (page) => {
    const { query } = await open(`/list?page=${page}`);
    expect(query.value().page).toBe(1);
  });

  it('does not count page and order as filters', async () => {
    const { query } = await open('/list?page=3&sort=name');
    expect(query.isFiltered()).toBe(false);
  });

  it('writes changes to the address and leaves out what is the default', async () => {
    const { query, change } = await open('/list');
    expect(
      await change(() => {
        query.set({ status: ['ONLINE', 'REVOKED'] });
      }),
    ).toBe('/list?status=ONLINE&status=REVOKED');
    expect(query.value().status).toEqual(['ONLINE', 'REVOKED']);
    expect(
      await change(() => {
        query.set({ status: [] });
      }),
    ).toBe('/list');
  });

  it('goes back to the first page with every other change', async () => {
    const { query, change } = await open('/list?page=3');
    expect(
      await change(() => {
        query.set({ page: 4 });
      }),
    ).toBe('/list?page=4');
    expect(
      await change(() => {
        query.set({ q: 'till' });
      }),
    ).toBe('/list?q=till');
    expect(query.value().page).toBe(1);
  });

  it('leaves the rest of the address alone, also when it is reset', async () => {
    const { query, change } = await open('/list?page=3&q=till&kiosk=1');
    expect(
      await change(() => {
        query.set({ sort: 'name' });
      }),
    ).toBe('/list?q=till&kiosk=1&sort=name');
    expect(
      await change(() => {
        query.reset();
      }),
    ).toBe('/list?kiosk=1');
    expect(query.isFiltered()).toBe(false);
  });
});
