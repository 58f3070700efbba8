import { isObject } from '../../../shared/values';
import { isNothing, type Convert } from '../../operation/convert';

/** How many milliseconds a time zone is ahead of UTC at a time. */
function offsetOf(zone: string, time: number): number {
	const options = { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' } as const;
	const shown = new Intl.DateTimeFormat('sv-SE', options).format(time);
	return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000;
}

/**
 * A time in the past, in epoch milliseconds: what n8n's date field gives, ISO text, or a Luxon date from an expression. Text without a
 * time zone is in the workflow's, as everywhere in n8n.
 */
export const pastTime =
	(zone: string): Convert<number> =>
	(value, field) => {
		if (isNothing(value)) return undefined;
		const isLuxon = isObject(value) && 'toISO' in value;
		const given: unknown = isLuxon
			? (value as unknown as { toISO(): string | null }).toISO()
			: value;
		const iso =
			typeof given === 'string'
				? /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?\s*$/.exec(
						given,
					)
				: null;
		const [, day = '', clock = '00:00', ahead] = iso ?? [];
		const asUtc = Date.parse(`${day}T${clock}Z`);
		// A day that the calendar does not have, such as February 30, becomes another one.
		if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(day)) {
			return field.refuse('It has to be a date and time such as 2026-11-24T08:00:00Z.');
		}
		const time =
			ahead === undefined
				? asUtc - offsetOf(zone, asUtc - offsetOf(zone, asUtc))
				: Date.parse(`${day}T${clock}${ahead}`);
		return time <= Date.now() ? time : field.refuse('It lies in the future.');
	};

/** The day in UTC, as Didit's filters want it. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
