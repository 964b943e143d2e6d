import { TestBed } from '@angular/core/testing';
import type { JsonObject } from '#contracts';
import { settled } from '../../../../testing/backend';
import { screenOf, startConsole } from '../../../../testing/console';
import { provideForm } from '../form/provide-form';
import { PayloadEditor } from './payload-editor';

const JSON_LABEL = 'Payload as JSON';

const schema: JsonObject = {
  type: 'object',
  properties: {
    text: { type: 'string', title: 'Text' },
    mode: { title: 'Mode', enum: ['fast', 'slow'], enumLabels: { fast: 'Very fast' } },
    key: { type: 'string', title: 'Key', writeOnly: true },
    sure: { type: 'boolean', title: 'Sure' },
    notes: { type: 'string', title: 'Notes', format: 'textarea' },
    tags: { type: 'array', title: 'Tag', items: { type: 'string' } },
  },
  required: ['text'],
};

const open = async (shape: JsonObject | null = schema, initial: JsonObject = {}) => {
  TestBed.configureTestingModule({ providers: [provideForm()] });
  startConsole();
  const fixture = TestBed.createComponent(PayloadEditor);
  fixture.componentRef.setInput('schema', shape);
  fixture.componentRef.setInput('initial', initial);
  return { editor: fixture.componentInstance, screen: await screenOf(fixture) };
};

describe('PayloadEditor', () => {
  it('draws a field for each part of the schema, as its kind needs it', async () => {
    const { editor, screen } = await open(schema, { text: 'hello', sure: true });
    expect(screen.field('Text').value).toBe('hello');
    expect(screen.field('Key').type).toBe('password');
    expect(screen.field('Key').autocomplete).toBe('new-password');
    expect(screen.field('Notes').tagName).toBe('TEXTAREA');
    expect(screen.one<HTMLInputElement>('mat-checkbox input').checked).toBe(true);
    await screen.choose('Mode', 'Very fast');
    expect(editor.read()).toEqual({ text: 'hello', sure: true, mode: 'fast' });
  });

  it('adds to a list and takes out of it', async () => {
    const { editor, screen } = await open(schema, { text: 'x' });
    await screen.click('Add');
    await screen.click('Add');
    await screen.fill('Tag 1', 'a');
    await screen.fill('Tag 2', 'b');
    expect(editor.read()).toEqual({ text: 'x', tags: ['a', 'b'] });
    await screen.click('Remove Tag 1');
    expect(editor.read()).toEqual({ text: 'x', tags: ['b'] });
  });

  it('does not add to a full list', async () => {
    const tags = { type: 'array', title: 'Tag', items: { type: 'string' }, maxItems: 1 };
    const { screen } = await open({ type: 'object', properties: { tags } });
    await screen.click('Add');
    expect((screen.named('Add') as HTMLButtonElement).disabled).toBe(true);
  });

  it('needs no value where null or an empty text is one', async () => {
    const shape: JsonObject = {
      type: 'object',
      properties: {
        a: { type: ['string', 'null'], title: 'A' },
        n: { type: ['number', 'null'], title: 'N' },
        e: { title: 'E', enum: ['x', null] },
        s: { type: 'string', title: 'S' },
      },
      required: ['a', 'n', 'e', 's'],
    };
    const { editor } = await open(shape, { a: null, n: null, e: null, s: '' });
    expect(editor.read()).toEqual({ a: null, n: null, e: null, s: '' });
    TestBed.resetTestingModule();
    const { editor: fresh, screen } = await open(shape);
    expect(fresh.read()).toBeNull();
    await screen.fill('S', 'x');
    await screen.fill('A', 'y');
    await screen.fill('A', '');
    expect(fresh.read()).toEqual({ a: null, n: null, e: null, s: 'x' });
  });

  it('refuses a number that JSON would change', async () => {
    const order: JsonObject = { type: 'integer', title: 'Order' };
    const { editor, screen } = await open({ type: 'object', properties: { order } });
    await screen.fill('Order', '7615917337495251231');
    expect(editor.read()).toBeNull();
    await settled();
    expect(screen.faultOf('Order')).toContain('Too many digits');
    await screen.fill('Order', '7615917337495');
    expect(editor.read()).toEqual({ order: 7_615_917_337_495 });
  });

  it('takes a time as it is here, and sends it as it is everywhere', async () => {
    const at = { type: 'string', title: 'At', format: 'date-time' };
    const { editor, screen } = await open({ type: 'object', properties: { at } });
    await screen.fill('At', '2026-05-04T10:30');
    expect(editor.read()).toEqual({ at: new Date('2026-05-04T10:30').toISOString() });
  });

  it('takes a part that has no form of its own as JSON, once it is some', async () => {
    const free = { type: 'object', title: 'Free', additionalProperties: true };
    const { editor, screen } = await open({ type: 'object', properties: { free, text: { type: 'string' } } });
    await screen.fill('Free', '{"a": ');
    expect(editor.read()).toBeNull();
    await settled();
    expect(screen.faultOf('Free')).toContain('This is not JSON');
    await screen.fill('Free', '{"a": 1}');
    expect(editor.read()).toEqual({ free: { a: 1 } });
  });

  it('shows what the server refuses on the nearest field, and the rest above', async () => {
    const { editor, screen } = await open(schema, { text: 'x', tags: ['a'] });
    editor.show([
      { path: 'tags.0', message: 'is unknown' },
      { path: 'elsewhere', message: 'is odd' },
    ]);
    await settled();
    expect(screen.faultOf('Tag 1')).toBe('is unknown');
    expect(screen.texts('.issues li')).toEqual(['elsewhere is odd']);
  });

  it('has in the JSON what was typed in the form, and back', async () => {
    const { editor, screen } = await open();
    await screen.fill('Text', 'typed');
    await screen.click('JSON');
    expect(JSON.parse(screen.field(JSON_LABEL).value)).toEqual({ text: 'typed' });
    await screen.fill(JSON_LABEL, '{"text": "edited", "extra": 1}');
    expect(editor.read()).toEqual({ text: 'edited', extra: 1 });
    await screen.click('Form');
    expect(screen.field('Text').value).toBe('edited');
    expect(editor.read()).toEqual({ text: 'edited', extra: 1 });
  });

  it.each([
    ['{"text": ', 'This is not JSON:'],
    ['[1]', 'The payload must be a JSON object.'],
  ])('does not leave the JSON while it reads %s', async (text, fault) => {
    const { editor, screen } = await open();
    await screen.click('JSON');
    await screen.fill(JSON_LABEL, text);
    expect(editor.read()).toBeNull();
    await settled();
    expect(screen.one('[role=alert]').textContent).toContain(fault);
    expect(screen.field(JSON_LABEL).getAttribute('aria-invalid')).toBe('true');
    await screen.click('Form');
    expect(screen.field(JSON_LABEL).value).toBe(text);
  });

  it('says where secrets stand before they are seen', async () => {
    const { screen } = await open();
    await screen.click('JSON');
    expect(screen.text).toContain('Secrets stand in the JSON as you typed them.');
  });

  it('takes JSON for what no form can hold', async () => {
    const { editor, screen } = await open({ type: 'object', patternProperties: { '^x': {} } }, { x1: 1 });
    expect(screen.text).toContain('This action’s input has no form'.replace('’', "'"));
    expect(JSON.parse(screen.field(JSON_LABEL).value)).toEqual({ x1: 1 });
    expect(editor.read()).toEqual({ x1: 1 });
  });

  it('says so when nothing is needed', async () => {
    const { editor, screen } = await open(null);
    expect(screen.text).toContain('This action needs no input.');
    expect(editor.read()).toEqual({});
  });

  it('forgets all that was typed', async () => {
    const { editor, screen } = await open();
    await screen.fill('Text', 'x');
    await screen.fill('Key', 'hunter2');
    editor.clear();
    await settled();
    expect(screen.field('Key').value).toBe('');
    await screen.click('JSON');
    expect(screen.field(JSON_LABEL).value).not.toContain('hunter2');
  });
});
