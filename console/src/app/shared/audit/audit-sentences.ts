import { inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoService } from '@jsverse/transloco';
import type { AuditEvent } from '#contracts';
import { Language } from '../../core/i18n/i18n';
import { formatBytes } from '../format/bytes';
import { actionNameOf, agentNameOf, objectOf, serviceNameOf, textOf, tokenNameOf, usernameOf } from './audit-names';
import { AUDIT_WORDS, type AuditWord } from './audit-words';

/** Words audit events in the user's language. */
@Injectable({ providedIn: 'root' })
export class AuditSentences {
  readonly #transloco = inject(TranslocoService);
  readonly #language = inject(Language);
  // Emits when the texts of the language are loaded, so that sentences are computed again.
  readonly #texts = toSignal(this.#transloco.selectTranslation());

  /** The sentence; the server's message when this console has no text for the action. */
  of(event: AuditEvent): string {
    this.#texts();
    // A newer server may have more actions.
    const needed = (AUDIT_WORDS as Partial<Record<string, readonly AuditWord[]>>)[event.action];
    if (needed === undefined) return event.message;
    const words = needed.map((word) => [word, this.#word(word, event)] as const);
    if (words.some(([, text]) => text === null)) return event.message;
    return this.#transloco.translate(`audit.sentences.${event.action}`, Object.fromEntries(words));
  }

  /** The name of the action; its code when this console has no text for it. */
  actionOf(action: string): string {
    this.#texts();
    return Object.hasOwn(AUDIT_WORDS, action) ? this.#transloco.translate(`audit.actions.${action}`) : action;
  }

  /** The name of the actor. */
  actorOf(event: Pick<AuditEvent, 'actorType' | 'actorId' | 'actorName'>): string {
    this.#texts();
    if (event.actorType === 'SYSTEM') return this.#transloco.translate('audit.system');
    return event.actorName ?? event.actorId ?? this.#transloco.translate('audit.unknownActor');
  }

  #word(word: AuditWord, event: AuditEvent): string | null {
    switch (word) {
      case 'actor':
        return this.actorOf(event);
      case 'agent':
        return agentNameOf(event);
      case 'service':
        return serviceNameOf(event);
      case 'username':
        return usernameOf(event);
      case 'token':
        return tokenNameOf(event);
      case 'passkey':
        return textOf(event, 'name', 'after');
      case 'actionName':
        return actionNameOf(event);
      case 'command':
        return event.targetId;
      case 'fromHealth':
        return this.#translated('status', textOf(event, 'from'));
      case 'toHealth':
        return this.#translated('status', textOf(event, 'to'));
      case 'role':
        return this.#translated('roles', textOf(event, 'role'));
      case 'fields':
        return this.#fields(Object.keys(objectOf(event, 'after')));
      case 'format':
        return textOf(event, 'format')?.toUpperCase() ?? null;
      case 'size': {
        const bytes = textOf(event, 'sizeBytes');
        return bytes === null ? null : formatBytes(Number(bytes), this.#language.code());
      }
      default:
        return textOf(event, word);
    }
  }

  #translated(group: string, value: string | null): string | null {
    return value === null ? null : this.#transloco.translate(`${group}.${value}`);
  }

  #fields(names: readonly string[]): string | null {
    if (names.length === 0) return null;
    const texts = names.map((name) => this.#transloco.translate(`audit.fields.${name}`));
    return new Intl.ListFormat(this.#language.code(), { type: 'conjunction' }).format(texts);
  }
}
