import { Component, computed, ElementRef, inject, input, linkedSignal, signal } from '@angular/core';
import { FormGroup } from '@angular/forms';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { FormlyForm } from '@ngx-formly/core';
import type { JsonObject, ValidationIssue } from '#contracts';
import { TextPipe, Texts } from '../../../core/i18n/texts';
import { IssueTexts } from '../../../shared/forms/issue-texts';
import { isJsonObject, jsonText, readJson } from '../../../shared/json/json-text';
import { formSchemaOf, hasSecret } from '../form/form-schema';
import { putIssues } from '../form/issue-fields';
import { payloadOf } from '../form/payload-of';
import { SchemaFields } from '../form/schema-fields';

export type EditorMode = 'form' | 'json';

/** Edits the payload of an action, as a form from its schema or as JSON. Both show the same values. */
@Component({
  selector: 'ops-payload-editor',
  templateUrl: './payload-editor.html',
  styleUrl: './payload-editor.scss',
  imports: [FormlyForm, MatButtonToggleModule, MatFormFieldModule, MatInput, TextPipe],
})
export class PayloadEditor {
  /** Null: the action takes no input. */
  readonly schema = input.required<JsonObject | null>();
  readonly initial = input.required<JsonObject>();
  readonly #schemaFields = inject(SchemaFields);
  readonly #issueTexts = inject(IssueTexts);
  readonly #texts = inject(Texts);
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly drawn = computed(() => formSchemaOf(this.schema() ?? {}));
  protected readonly hasForm = computed(() => this.schema() === null || this.drawn() !== null);
  protected readonly hasSecret = computed(() => hasSecret(this.drawn() ?? {}));
  protected readonly mode = linkedSignal<EditorMode>(() => (this.hasForm() ? 'form' : 'json'));
  protected readonly model = linkedSignal<object>(() => structuredClone(this.initial()));
  protected readonly text = linkedSignal(() => jsonText(this.initial()));
  /** What is wrong with the JSON. */
  protected readonly fault = signal<string | null>(null);
  /** Issues that belong to no field. */
  protected readonly issues = signal<readonly ValidationIssue[]>([]);
  /** The form is rebuilt each time the user returns to it. */
  readonly #round = signal(0);
  protected readonly form = computed(() => (this.#round(), new FormGroup({})));
  protected readonly fields = computed(() => {
    const [schema, isEdited] = [this.drawn(), this.#round() > 0];
    return schema ? this.#schemaFields.of(schema, { isEdited }) : [];
  });

  protected choose(mode: EditorMode): void {
    if (mode === this.mode()) return;
    if (mode === 'json') {
      this.text.set(jsonText(this.#ofForm()));
      this.fault.set(null);
    } else {
      const payload = this.#ofText();
      if (!payload) return;
      this.model.set(structuredClone(payload));
      this.#round.update((round) => round + 1);
    }
    this.issues.set([]);
    this.mode.set(mode);
  }

  protected typed(text: string): void {
    this.text.set(text);
    this.fault.set(null);
  }

  /** The current payload; null when it is invalid, which is then shown. */
  read(): JsonObject | null {
    this.issues.set([]);
    if (this.mode() === 'json') return this.#ofText();
    this.form().markAllAsTouched();
    if (this.form().valid) return this.#ofForm();
    this.#focusFault();
    return null;
  }

  /** Shows the server's issues: each on its field, the others above. */
  show(refused: readonly ValidationIssue[]): void {
    const issues = refused.map(({ path, message }) => ({ path, message: this.#issueTexts.of(message) }));
    this.issues.set(this.mode() === 'form' ? putIssues(this.fields(), issues) : issues);
    this.#focusFault();
  }

  /** Clears everything that was typed. */
  clear(): void {
    this.form().reset();
    this.model.set({});
    this.text.set('');
    this.#round.update((round) => round + 1);
  }

  #ofForm(): JsonObject {
    return payloadOf(this.model(), this.drawn() ?? {}, this.initial());
  }

  #ofText(): JsonObject | null {
    const reading = readJson(this.text());
    if ('fault' in reading) {
      this.fault.set(this.#texts.translate('forms.fault.json', { reason: reading.fault }));
    } else if (reading.value === undefined || isJsonObject(reading.value)) {
      this.fault.set(null);
      return reading.value ?? {};
    } else {
      this.fault.set(this.#texts.translate('forms.fault.object'));
    }
    this.#focusFault();
    return null;
  }

  #focusFault(): void {
    setTimeout(() => {
      const fault = this.#element.querySelector<HTMLElement>(
        ':is(input, textarea, mat-select, [role=combobox]).ng-invalid, .faulty',
      );
      fault?.focus();
    });
  }
}
