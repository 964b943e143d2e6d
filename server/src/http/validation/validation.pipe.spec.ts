import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  getMetadataStorage,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  MetadataStorage,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { ValidationIssue } from '#contracts';
import type { DomainError } from '../../common/errors.js';
import {
  cacheValidationMetadata,
  lenientValidation,
  MAX_LIST_LENGTH,
  MAX_OBJECTS,
  strictValidation,
} from './validation.pipe.js';

/** How many parts have been validated. */
let validated = 0;

const IsCounted = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCounted',
    validator: {
      validate: () => {
        validated += 1;
        return true;
      },
    },
  });

class Part {
  @IsCounted()
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

const issuesOf = (pipe: keyof typeof pipes, value: unknown): readonly ValidationIssue[] => {
  try {
    read(pipe, value);
    return [];
  } catch (error) {
    return ((error as DomainError).details as { issues: ValidationIssue[] }).issues;
  }
};

const pathsOf = (pipe: keyof typeof pipes, value: unknown): readonly string[] => [
  ...new Set(issuesOf(pipe, value).map(({ path }) => path)),
];

/** How many parts `work` validates. */
const readsOf = (work: () => unknown): number => {
  const before = validated;
  work();
  return validated - before;
};

const BOTH = ['admin', 'agent'] as const;

describe.each(BOTH)('the body of an %s', (pipe) => {
  it('becomes an instance of its class, and its parts instances of theirs', () => {
    const body = read(pipe, { size: 1, part: { name: 'a', parts: [{ name: 'b' }] }, parts: [{ name: 'c' }] });
    expect(body).toBeInstanceOf(Body);
    expect(body.part).toBeInstanceOf(Part);
    expect(body.part?.parts?.[0]).toBeInstanceOf(Part);
    expect(body.parts?.[0]).toBeInstanceOf(Part);
  });

  it('keeps the defaults of missing fields', () => {
    expect(read(pipe, undefined)).toEqual({ size: 7 });
    expect(read(pipe, {})).toEqual({ size: 7 });
  });

  it('passes free JSON on unchanged, with any keys', () => {
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

  it('is rejected unread when a list is too long or there are too many objects', () => {
    expect(pathsOf(pipe, { parts: Array(MAX_LIST_LENGTH + 1).fill({}) })).toEqual(['parts']);
    const part = { name: 'a', parts: Array(MAX_LIST_LENGTH).fill({ name: 'b' }) as object[] };
    const many = Array(MAX_OBJECTS / MAX_LIST_LENGTH).fill(part) as object[];
    expect(pathsOf(pipe, { part: { name: 'a', parts: many } })).toHaveLength(1);
  });

  it('names at most fifty issues', () => {
    expect(issuesOf(pipe, { part: { name: 'a', parts: Array(200).fill({}) } })).toHaveLength(50);
    const unknown = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`unknown${i}`, i]));
    expect(issuesOf(pipe, { size: 'x', ...unknown })).toHaveLength(pipe === 'admin' ? 50 : 1);
  });

  it('is read only up to the fiftieth issue', () => {
    expect(readsOf(() => issuesOf(pipe, { part: { name: 'a', parts: Array(900).fill({}) } }))).toBeLessThanOrEqual(50);
    const wrong = { name: 5, parts: Array(900).fill({ name: 5 }) };
    expect(readsOf(() => issuesOf(pipe, { part: { ...wrong, parts: Array(900).fill(wrong) } }))).toBeLessThanOrEqual(
      50,
    );
  });

  it('is read only up to the own maximum of a list, whatever else is wrong', () => {
    expect(readsOf(() => issuesOf(pipe, { size: 'x', parts: Array(4).fill({ name: 'a' }) }))).toBe(0);
    expect(issuesOf(pipe, { parts: Array(900).fill({}) })).toEqual([
      { path: 'parts', message: 'parts must contain no more than 3 elements' },
    ]);
  });

  it('is read once for each of its objects', () => {
    const parts = Array(3).fill({ name: 'a' }) as object[];
    expect(readsOf(() => read(pipe, { part: { name: 'a', parts }, parts }))).toBe(7);
  });

  it('cannot be read as a class without rules', () => {
    class Anything {
      anything?: string;
    }
    expect(() => pipes[pipe].transform({}, { type: 'body', metatype: Anything })).toThrow('no validation rules');
  });
});

describe('a field without a rule', () => {
  const unknown: unknown = JSON.parse(
    '{"constructor":1,"toString":2,"extra":{"constructor":{}},"part":{"name":"a","hasOwnProperty":3}}',
  );

  it('is rejected in the body of an admin', () => {
    expect(pathsOf('admin', unknown)).toEqual(['constructor', 'toString', 'extra', 'part.hasOwnProperty']);
  });

  it('is dropped from the body of an agent', () => {
    const body = read('agent', unknown);
    expect(Object.keys(body)).toEqual(['size', 'part']);
    expect(Object.keys(body.part!)).toEqual(['name']);
  });
});

describe('a field that is null', () => {
  it('counts as missing in the body of an agent', () => {
    expect(read('agent', { size: null, text: null, part: null, parts: null, free: null })).toEqual({ size: 7 });
  });

  it('stays null in the body of an admin, where it may have a meaning', () => {
    expect(read('admin', { text: null })).toEqual({ size: 7, text: null });
    expect(pathsOf('admin', { size: null })).toEqual(['size']);
  });

  it('stays null in free JSON', () => {
    expect(read('agent', { free: { a: null } }).free).toEqual({ a: null });
  });
});

class Named {
  @MaxLength(3)
  name = '';
}

class Counted extends Named {
  @IsInt({ groups: ['counting'] })
  count = 0;
}

/** A separate storage with the rules of the classes above; it counts the searches. */
const aStorage = (): { storage: MetadataStorage; searches: () => number } => {
  const storage = new MetadataStorage();
  for (const type of [Named, Counted]) {
    for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
      if (rule.target === type) storage.addValidationMetadata(rule);
    }
  }
  const search = jest.spyOn(storage, 'getTargetValidationMetadatas');
  return { storage, searches: () => search.mock.calls.length };
};

const propertiesOf = (storage: MetadataStorage, type: new () => object, ...groups: [string[]?]): string[] =>
  storage.getTargetValidationMetadatas(type, '', false, false, ...groups).map(({ propertyName }) => propertyName);

describe('cacheValidationMetadata', () => {
  it('searches the rules of a class once, inherited ones included', () => {
    const { storage, searches } = aStorage();
    cacheValidationMetadata(storage);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(propertiesOf(storage, Counted)).toEqual(['count', 'name']);
      expect(propertiesOf(storage, Named)).toEqual(['name']);
    }
    expect(searches()).toBe(2);
  });

  it('leaves validation by groups alone', () => {
    const { storage } = aStorage();
    cacheValidationMetadata(storage);
    expect(propertiesOf(storage, Counted)).toEqual(['count', 'name']);
    expect(propertiesOf(storage, Counted, ['counting'])).toEqual(['count']);
    expect(propertiesOf(storage, Counted, ['other'])).toEqual([]);
  });
});
