import type { FormlyFieldConfig } from '@ngx-formly/core';
import type { ValidationIssue } from '#contracts';

const childAt = (fields: readonly FormlyFieldConfig[], key: string): FormlyFieldConfig | undefined =>
  fields.find((field) => String(field.key) === key);

/** The field at a dotted path, or its nearest parent; undefined when there is neither. */
export const fieldAt = (fields: readonly FormlyFieldConfig[], path: string): FormlyFieldConfig | undefined => {
  let found: FormlyFieldConfig | undefined;
  let level = fields;
  for (const key of path.split('.')) {
    const next = childAt(level, key);
    if (!next) return found;
    found = next;
    level = next.fieldGroup ?? [];
  }
  return found;
};

/** Sets each issue on its field; returns the issues without one. */
export const putIssues = (
  fields: readonly FormlyFieldConfig[],
  issues: readonly ValidationIssue[],
): readonly ValidationIssue[] =>
  issues.filter((issue) => {
    const control = fieldAt(fields, issue.path)?.formControl;
    if (!control) return true;
    control.setErrors({ server: { message: issue.message } });
    control.markAsTouched();
    return false;
  });
