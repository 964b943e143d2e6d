import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { DomainError } from '../../common/errors.js';
import { strictValidation, lenientValidation, MAX_LIST_LENGTH, MAX_OBJECTS } from './validation.pipe.js';

class Part {
  @IsString()
  name!: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];
}

class Body {
  @IsInt()
  size = 7;

  @IsOptional()
  @IsString()
  text?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Part)
  part?: Part;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];

  @IsOptional()
  @IsObject()
  free?: object;
}

const pipes = { admin: strictValidation, agent: lenientValidation };
const read = (pipe: keyof typeof pipes, value: unknown): Body =>
  pipes[pipe].transform(value, { type: 'body', metatype: Body }) as Body;

const pathsOf = (pipe: keyof typeof pipes, value: unknown): readonly string[] => {
  try {
    read(pipe, value);
    return [];
  } catch (error) {
    const { issues } = (error as DomainError).details as { issues: { path: string }[] };
    return [...new Set(issues.map(({ path }) => path))];
  }
};

const BOTH = ['admin', 'agent'] as const;

describe.each(BOTH)('the body of an %s', (pipe) => {
  it('becomes an instance of its class, and its parts of theirs', () => {
    const body = read(pipe, { size: 1, part: { name: 'a', parts: [{ name: 'b' }] }, parts: [{ name: 'c' }] });
    expect(body).toBeInstanceOf(Body);
    expect(body.part).toBeInstanceOf(Part);
    expect(body.part?.parts?.[0]).toBeInstanceOf(Part);
    expect(body.parts?.[0]).toBeInstanceOf(Part);
  });

  it('keeps the defaults of what is left out', () => {
    expect(read(pipe, undefined)).toEqual({ size: 7 });
    expect(read(pipe, {})).toEqual({ size: 7 });
  });

  it('passes free JSON on as it came, whatever its keys', () => {
    const free: unknown = JSON.parse('{"constructor":"x","toString":1,"prototype":{"a":[null,[]]}}');
    expect(read(pipe, { free }).free).toBe(free);
  });

  it.each<[unknown, readonly string[]]>([
    ['text', ['']],
    [[], ['']],
    [[{ size: 1 }], ['']],
    [{ size: '1' }, ['size']],
    [{ text: 5, size: 1.5 }, ['size', 'text']],
    [{ part: [] }, ['part']],
    [{ part: 5 }, ['part']],
    [{ part: {} }, ['part.name']],
    [{ parts: {} }, ['parts', 'parts.name']],
    [{ parts: [null] }, ['parts.0']],
    [{ parts: [[]] }, ['parts.0']],
    [{ parts: [[{ name: 'a' }]] }, ['parts.0']],
    [{ parts: [{ name: 'a' }, { name: 5 }] }, ['parts.1.name']],
    [{ free: [] }, ['free']],
  ])('is refused by path: %j', (value, paths) => {
    expect([...pathsOf(pipe, value)].sort()).toEqual(paths);
  });

  it('is not looked into when a list is too long, or when it holds too many objects', () => {
    expect(pathsOf(pipe, { parts: Array(MAX_LIST_LENGTH + 1).fill({}) })).toEqual(['parts']);
    const part = { name: 'a', parts: Array(MAX_LIST_LENGTH).fill({ name: 'b' }) as object[] };
    const many = Array(MAX_OBJECTS / MAX_LIST_LENGTH).fill(part) as object[];
    expect(pathsOf(pipe, { part: { name: 'a', parts: many } })).toHaveLength(1);
  });

  it('names at most fifty issues', () => {
    try {
      read(pipe, { part: { name: 'a', parts: Array(200).fill({}) } });
    } catch (error) {
      expect((error as DomainError).details).toMatchObject({ issues: { length: 50 } });
    }
    expect.assertions(1);
  });

  it('cannot be read as a class without rules', () => {
    class Anything {
      anything?: string;
    }
    expect(() => pipes[pipe].transform({}, { type: 'body', metatype: Anything })).toThrow('no validation rules');
  });
});

describe('a field that no rule knows', () => {
  const unknown: unknown = JSON.parse(
    '{"constructor":1,"toString":2,"extra":{"constructor":{}},"part":{"name":"a","hasOwnProperty":3}}',
  );

  it('is refused in the body of an admin', () => {
    expect(pathsOf('admin', unknown)).toEqual(['constructor', 'toString', 'extra', 'part.hasOwnProperty']);
  });

  it('is left out of the body of an agent', () => {
    const body = read('agent', unknown);
    expect(Object.keys(body)).toEqual(['size', 'part']);
    expect(Object.keys(body.part!)).toEqual(['name']);
  });
});

describe('null in place of nothing', () => {
  it('is nothing in the body of an agent', () => {
    expect(read('agent', { size: null, text: null, part: null, parts: null, free: null })).toEqual({ size: 7 });
  });

  it('stays null in the body of an admin, where it may mean something', () => {
    expect(read('admin', { text: null })).toEqual({ size: 7, text: null });
    expect(pathsOf('admin', { size: null })).toEqual(['size']);
  });

  it('stays null in free JSON', () => {
    expect(read('agent', { free: { a: null } }).free).toEqual({ a: null });
  });
});
