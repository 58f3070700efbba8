import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { own } from '../values';
import { isNumber, items, join, stringOrNull, text } from './blocks';
import { identityOf, type Identity } from './identity';
import { amlHitsOf, faceMatchOf, reasonsOf, warningsIn } from './summary';

/** What a field is read from: the decision, the one document that counts, and the settings. */
interface Source {
	decision: IDataObject;
	identity: Identity | undefined;
	/** The age that `age_over_N` asks about, in years. */
	ageOver: number;
	/** The current time in epoch milliseconds. */
	now: number;
}

interface Field extends INodePropertyOptions {
	read(source: Source): string | number | boolean | null;
	/** The key of the output where it is not the value of the option. */
	keyOf?(source: Source): string;
}

const FIELDS: Field[] = [
	{ name: 'Full Name', value: 'full_name', read: ({ identity }) => identity?.fullName ?? null },
	{ name: 'First Name', value: 'first_name', read: ({ identity }) => identity?.firstName ?? null },
	{ name: 'Last Name', value: 'last_name', read: ({ identity }) => identity?.lastName ?? null },
	{
		name: 'Date of Birth',
		value: 'date_of_birth',
		read: ({ identity }) => identity?.dateOfBirth ?? null,
	},
	{
		name: 'Age',
		value: 'age',
		description: 'Whole years, from the date of birth',
		read: ({ identity, now }) => ageOn(identity?.dateOfBirth, now),
	},
	{
		name: 'Age Over',
		value: 'age_over',
		description: "True only for an Approved session; the age is set under 'Age Over (Years)'",
		keyOf: ({ ageOver }) => `age_over_${ageOver}`,
		read: isOver,
	},
	{ name: 'Gender', value: 'gender', read: ({ identity }) => identity?.gender ?? null },
	{
		name: 'Nationality',
		value: 'nationality',
		read: ({ identity }) => identity?.nationality ?? null,
	},
	{ name: 'Address', value: 'address', read: ({ identity }) => identity?.address ?? null },
	{
		name: 'Document',
		value: 'document',
		description: 'Type and number in one',
		read: ({ identity }) => join(identity?.documentType, identity?.documentNumber),
	},
	{
		name: 'Document Type',
		value: 'document_type',
		read: ({ identity }) => identity?.documentType ?? null,
	},
	{
		name: 'Document Number',
		value: 'document_number',
		read: ({ identity }) => identity?.documentNumber ?? null,
	},
	{
		name: 'Issuing Country',
		value: 'country',
		read: ({ identity }) => identity?.issuingCountry ?? null,
	},
	{ name: 'Issue Date', value: 'issue_date', read: ({ identity }) => identity?.issueDate ?? null },
	{
		name: 'Expiry Date',
		value: 'expiry_date',
		read: ({ identity }) => identity?.expiryDate ?? null,
	},
	{
		name: 'Days to Expiry',
		value: 'days_to_expiry',
		description: 'Until the document expires; negative when it has expired',
		read: ({ identity, now }) => daysUntil(identity?.expiryDate, now),
	},
	{
		name: 'Email',
		value: 'email',
		read: ({ decision }) => text(own(best(emails(decision)), 'email')),
	},
	{
		name: 'Email Verified',
		value: 'email_verified',
		description: 'Whether the person has proven to own it; null when it was not checked',
		read: ({ decision }) => isVerified(emails(decision)),
	},
	{
		name: 'Phone',
		value: 'phone',
		read: ({ decision }) => {
			const phone = best(phones(decision));
			return text(own(phone, 'full_number')) ?? text(own(phone, 'phone_number'));
		},
	},
	{
		name: 'Phone Verified',
		value: 'phone_verified',
		description: 'Whether the person has proven to own it; null when it was not checked',
		read: ({ decision }) => isVerified(phones(decision)),
	},
	{
		name: 'IP Country',
		value: 'ip_country',
		description: "Two-letter code of the country that the person's IP address belongs to",
		read: ({ decision }) => {
			const [first] = items(decision, 'location', 'ip_analysis', 'ip_analyses');
			return text(own(first, 'ip_country_code'));
		},
	},
	{
		name: 'Liveness',
		value: 'liveness',
		description: "Didit's status of the check that a living person was there",
		read: ({ decision }) =>
			worst([
				...items(decision, 'face').map((face) => own(face, 'liveness_status')),
				...items(decision, 'liveness', 'liveness_checks').map((check) => own(check, 'status')),
			]),
	},
	{
		name: 'Face Match',
		value: 'face_match',
		description: 'Similarity of the face and the document photo, 0 to 100',
		read: ({ decision }) => faceMatchOf(decision),
	},
	{
		name: 'Proof of Address Status',
		value: 'poa_status',
		read: ({ decision }) =>
			worst(items(decision, 'poa', 'poa_verifications').map((proof) => own(proof, 'status'))),
	},
	{ name: 'AML Hits', value: 'aml_hits', read: ({ decision }) => amlHitsOf(decision) },
	{
		name: 'Warnings',
		value: 'warnings',
		description: "Didit's codes, separated by commas",
		read: ({ decision }) =>
			reasonsOf(decision) === null
				? null
				: [...new Set(warningsIn(decision).flatMap((one) => text(own(one, 'risk')) ?? []))].join(
						', ',
					),
	},
	{
		name: 'Reasons',
		value: 'reasons',
		description: "Didit's warnings in words",
		read: ({ decision }) => reasonsOf(decision),
	},
	{
		name: 'Vendor Data',
		value: 'vendor_data',
		description: 'Your own ID of the person',
		read: ({ decision }) => stringOrNull(own(decision, 'vendor_data')),
	},
];

const BY_VALUE = new Map(FIELDS.map((field) => [field.value, field]));

/** The fields that a builder can choose from, in the order of use. */
export const FIELD_OPTIONS: INodePropertyOptions[] = FIELDS.map(({ name, value, description }) => ({
	name,
	value,
	...(description === undefined ? {} : { description }),
}));

export interface FieldSettings {
	/** Values of {@link FIELD_OPTIONS}; unknown ones give null under their own name. */
	chosen: readonly string[];
	/** The age that `age_over_N` asks about, in years. */
	ageOver: number;
	/** The current time in epoch milliseconds. */
	now: number;
}

/**
 * The chosen flat fields of a decision, after its `session_id` and `status`: the same keys for every API version, and `null` for what is
 * unknown. Details of the person that Didit was told before its checks are never among them.
 *
 * @param decision a decision of any API version (docs.didit.me, Retrieve Session)
 * @returns text, numbers, true, false or null. Never throws.
 */
export function selectFields(decision: IDataObject, settings: FieldSettings): IDataObject {
	const { ageOver, now } = settings;
	const source: Source = { decision, identity: identityOf(decision), ageOver, now };
	const selected: IDataObject = {
		session_id: stringOrNull(own(decision, 'session_id')),
		status: stringOrNull(own(decision, 'status')),
	};
	for (const value of settings.chosen) {
		const field = BY_VALUE.get(value);
		const key = field?.keyOf?.(source) ?? value;
		if (!Object.hasOwn(selected, key)) selected[key] = field?.read(source) ?? null;
	}
	return selected;
}

const emails = (decision: IDataObject) => items(decision, 'email', 'email_verifications');
const phones = (decision: IDataObject) => items(decision, 'phone', 'phone_verifications');

/** The approved one, else the first. */
function best(checks: IDataObject[]): IDataObject | undefined {
	return checks.find((check) => own(check, 'status') === 'Approved') ?? checks[0];
}

function isVerified(checks: IDataObject[]): boolean | null {
	return checks.length === 0 ? null : own(best(checks), 'status') === 'Approved';
}

/** Approved only if all checks are; else the first other status. A field must not look better than the worst check. */
function worst(statuses: unknown[]): string | null {
	const known = statuses.map(text);
	const other = known.find((status) => status !== null && status !== 'Approved');
	return other ?? (known.includes(null) ? null : (known[0] ?? null));
}

const DAY_MS = 24 * 60 * 60_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The date as epoch milliseconds of its midnight in UTC; undefined when it is no day of the calendar. */
function dayOf(date: string | null | undefined): number | undefined {
	if (!DATE.test(date ?? '')) return undefined;
	const time = Date.parse(`${date}T00:00:00Z`);
	// JavaScript takes the 30th of February for the 1st or 2nd of March.
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${date}T`)
		? time
		: undefined;
}

/** Today's date at UTC-12, where each day begins last, so that nobody anywhere is counted as a day older than they are. */
const latestDay = (now: number) => new Date(now - DAY_MS / 2).toISOString().slice(0, 10);

/** In years; no human has been older. */
const MAX_AGE = 130;

function ageOn(dateOfBirth: string | null | undefined, now: number): number | null {
	if (dayOf(dateOfBirth) === undefined) return null;
	const today = latestDay(now);
	const born = String(dateOfBirth);
	// Dates in this form can be compared as texts. For a person born on 29 February, the birthday is 1 March in other years.
	const hadBirthday = today.slice(5) >= born.slice(5);
	const age = Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (hadBirthday ? 0 : 1);
	return age >= 0 && age <= MAX_AGE ? age : null;
}

/** True only when Didit approved the session and a birth date was read; false for a person who is too young; else null. */
function isOver({ decision, identity, ageOver, now }: Source): boolean | null {
	const age = ageOn(identity?.dateOfBirth, now);
	if (age === null || !isNumber(ageOver)) return null;
	if (age < ageOver) return false;
	return own(decision, 'status') === 'Approved' ? true : null;
}

function daysUntil(date: string | null | undefined, now: number): number | null {
	const day = dayOf(date);
	if (day === undefined) return null;
	return Math.round((day - Number(dayOf(new Date(now).toISOString().slice(0, 10)))) / DAY_MS);
}
