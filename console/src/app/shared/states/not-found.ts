import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TextPipe } from '../../core/i18n/texts';
import { PageHeader } from '../layout/page-header';

@Component({
  selector: 'ops-not-found',
  template: `<ops-page-header [title]="'common.notFound' | transloco" [subtitle]="'common.notFoundText' | transloco">
    <a mat-stroked-button routerLink="/">{{ 'nav.overview' | transloco }}</a>
  </ops-page-header>`,
  imports: [MatButton, PageHeader, RouterLink, TextPipe],
})
export class NotFound {}
