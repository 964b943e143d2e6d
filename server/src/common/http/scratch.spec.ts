import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { findJsonFault } from './json-body.js';
import { agentBodyPipe } from './validation.js';
import { ReportServicesBody } from '../../modules/services/dto/reported-service.body.js';
import { CommandResultBody } from '../../modules/commands/dto/commands.body.js';
jest.setTimeout(200000);
it('bench', async () => {
  const lines: string[] = [];
  const time = async (name: string, f: () => unknown) => { const t = performance.now(); try { await f(); } catch {} lines.push(`${name}: ${(performance.now() - t).toFixed(0)} ms`); };
  const cases: [string, string, any][] = [
    ['numbers x 1.9M', '{"success":true,"data":{"a":[' + '0,'.repeat(1_900_000) + '0]}}', CommandResultBody],
    ['numbers x 500k', '{"success":true,"data":{"a":[' + '0,'.repeat(490_000) + '0]}}', CommandResultBody],
    ['rows 1MB', '{"success":true,"data":{"a":[' + '{"id":12345,"name":"abcdef","ok":true},'.repeat(25_000) + '0]}}', CommandResultBody],
    ['{} x 100k services', '{"services":[' + '{},'.repeat(100_000) + '{}]}', ReportServicesBody],
    ['200 services x 500 {} actions', '{"services":[' + Array.from({ length: 200 }, (_, i) => `{"code":"s${i}","name":"n","actions":[${Array.from({ length: 100 }, () => '{}').join()}]}`).join() + ']}', ReportServicesBody],
    ['200 services x 100 ok actions', '{"services":[' + Array.from({ length: 200 }, (_, i) => `{"code":"s${i}","name":"n","actions":[${Array.from({ length: 100 }, (_, j) => `{"name":"a${j}","label":"x"}`).join()}]}`).join() + ']}', ReportServicesBody],
    ['1 service x 500 ok actions', '{"services":[' + Array.from({ length: 1 }, (_, i) => `{"code":"s${i}","name":"n","actions":[${Array.from({ length: 500 }, (_, j) => `{"name":"a${j}","label":"x"}`).join()}]}`).join() + ']}', ReportServicesBody],
    ['wide keys 4MB', '{"success":true,"data":{' + Array.from({ length: 300_000 }, (_, i) => `"k${i}":0`).join() + '}}', CommandResultBody],
  ];
  for (const [name, text, type] of cases) {
    let v: any;
    await time(name + ' ' + text.length + ' parse', () => { v = JSON.parse(text); });
    await time(name + ' fault', () => findJsonFault(v));
    let e: any;
    await time(name + ' toInstance', () => { e = plainToInstance(type, v); });
    await time(name + ' validate', () => validate(e, { whitelist: true, validationError: { target: false, value: false } }));
    await time(name + ' pipe all', () => agentBodyPipe.transform(v, { type: 'body', metatype: type }));
    require('node:fs').writeFileSync('/tmp/bench.txt', lines.join('\n'));
  }
});
