/** How a day and a moment are read. Didit's dates have no time of day. */
import type { IsoDate } from '../../../contract/didit';
import { isObject } from '../../shared/values';
import { isNothing, type Convert, type Field } from './convert';

/** A moment as text, with its time of day and its zone. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:Z|[+-]\d{2}:?\d{2})$/;
/** The time of day of a day that was written as a moment. */
const MIDNIGHT = /^00:00(:00(\.0+)?)?$/;

/** Whether the calendar has this day: one that it does not have, such as February 30, becomes another one. */
function isDay(day: string | undefined): day is IsoDate {
	const time = Date.parse(`${day}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${day}T`);
}

/** Whether it is a Date, also of the realm in which n8n runs expressions. */
const isDate = (value: unknown): value is Date =>
	Object.prototype.toString.call(value) === '[object Date]';

/** The day of the calendar that a moment belongs to in a time zone. */
const dayIn = (timeZone: string, moment: Date): string =>
	new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
	}).format(moment);

/**
 * The text of a day. Text that begins with one stands for it, unless it is a moment: that belongs to the day that it is in the workflow's
 * time zone. Midnight is no moment but a day, as databases and other nodes write it: a birth date must not become the day before.
 */
function dayOf(value: unknown, { timeZone }: Field): unknown {
	// A Luxon date has a zone of its own: that of the workflow, unless the builder chose another one.
	if (isObject(value) && 'toISODate' in value) {
		return (value as unknown as { toISODate(): string | null }).toISODate();
	}
	const given = isDate(value) && !isNaN(value.valueOf()) ? value.toISOString() : value;
	if (typeof given !== 'string') return undefined;
	const [, written, time = ''] = MOMENT.exec(given.trim()) ?? [];
	const moment = new Date(given.trim());
	const isMoment = written !== undefined && isDay(written) && !isNaN(moment.valueOf());
	return isMoment && !MIDNIGHT.test(time) ? dayIn(timeZone, moment) : given;
}

/** A day: what n8n's date field gives, text that begins with `1990-01-31`, a moment, or a date from an expression. */
export const date: Convert<IsoDate> = (value, field) => {
	if (isNothing(value)) return undefined;
	const given = dayOf(value, field);
	const day =
		typeof given === 'string' ? /^\s*(\d{4}-\d{2}-\d{2})(?!\d)/.exec(given)?.[1] : undefined;
	return isDay(day) ? day : field.refuse('It has to be a date such as 1990-01-31.');
};

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** A moment with its time zone, as ISO 8601 writes it; a Luxon date from an expression is one. */
export const moment: Convert<string> = (value, field) => {
	if (isNothing(value)) return undefined;
	const isLuxon = isObject(value) && 'toISO' in value;
	const given: unknown = isLuxon ? (value as unknown as { toISO(): string | null }).toISO() : value;
	const time = typeof given === 'string' ? given.trim() : '';
	return WITH_ZONE.test(time) && !Number.isNaN(Date.parse(time))
		? time
		: field.refuse(
				`'${field.label}' has to be a time with its zone, such as 2026-11-20T08:42:00Z or {{ $now.toISO() }}.`,
			);
};
