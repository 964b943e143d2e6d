import { getMetadataStorage, type MetadataStorage } from 'class-validator';

type Rules = ReturnType<MetadataStorage['getTargetValidationMetadatas']>;

/**
 * Has class-validator find the rules of a class once. By itself it goes through those of every class there is for each
 * object it checks, which took longer than checking a heartbeat by them. Not for validation by groups, or of classes
 * that are given rules after their first object.
 */
export const rememberRules = (storage: MetadataStorage = getMetadataStorage()): void => {
  const find: MetadataStorage['getTargetValidationMetadatas'] = storage.getTargetValidationMetadatas.bind(storage);
  const known = new WeakMap<object, Rules>();
  Object.assign(storage, {
    getTargetValidationMetadatas: (...asked: Parameters<typeof find>): Rules => {
      const [type, , always, strictGroups, groups] = asked;
      if (always || strictGroups || groups !== undefined) return find(...asked);
      const rules = known.get(type) ?? find(...asked);
      known.set(type, rules);
      return rules;
    },
  });
};
