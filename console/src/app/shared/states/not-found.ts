import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { EmptyState } from './empty-state';

@Component({
  selector: 'ops-not-found',
  template: `<ops-empty-state [title]="'common.notFound' | transloco" [text]="'common.notFoundText' | transloco">
    <a mat-stroked-button routerLink="/">{{ 'nav.overview' | transloco }}</a>
  </ops-empty-state>`,
  imports: [EmptyState, MatButton, RouterLink, TranslocoPipe],
})
export class NotFound {}
