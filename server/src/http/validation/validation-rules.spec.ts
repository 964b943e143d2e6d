import { getMetadataStorage, IsInt, MaxLength, MetadataStorage } from 'class-validator';
import { cacheValidationMetadata } from './validation.pipe.js';

class Named {
  @MaxLength(3)
  name = '';
}

class Counted extends Named {
  @IsInt({ groups: ['counting'] })
  count = 0;
}

/** A storage of its own with the rules of the classes above, which says how often it was searched. */
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

describe('rememberRules', () => {
  it('searches for the rules of a class once, the inherited among them', () => {
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
