/** Blocklists, allowlists and custom lists of one application. */

import { createHash, randomUUID } from 'node:crypto';

import type { Json } from '../json';

export const ENTRY_TYPES = [
	'face',
	'document',
	'phone',
	'email',
	'ip_address',
	'device_fingerprint',
	'wallet_address',
	'bank_account',
	'user',
	'business',
	'country',
	'key',
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

export interface ListEntry {
	uuid: string;
	/** Normalised; of a face the id of its template. */
	value: string;
	/** What a face is recognised by. */
	face: string | null;
	displayLabel: string;
	comment: string;
	addedBy: 'api' | 'system';
	referenceSession: { id: string; number: number } | null;
	referenceObject: string | null;
	metadata: Json;
	/** epoch ms */
	createdAt: number;
}

export interface List {
	uuid: string;
	name: string;
	description: string;
	listType: 'blocklist' | 'allowlist' | 'custom';
	entryType: EntryType;
	isSystem: boolean;
	entries: ListEntry[];
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	updatedAt: number;
}

/** The ten blocklists that every application has (docs.didit.me, lists). */
export function systemBlocklists(now: number): List[] {
	return ENTRY_TYPES.slice(0, 10).map((entryType) => {
		const words = entryType.replace('_', ' ');
		return {
			uuid: randomUUID(),
			name: `${words.charAt(0).toUpperCase()}${words.slice(1)} Blocklist`,
			description: '',
			listType: 'blocklist',
			entryType,
			isSystem: true,
			entries: [],
			createdAt: now,
			updatedAt: now,
		};
	});
}

/** What two pictures with the same bytes have in common: the emulator's way to know a face again. */
export function faceOf(image: Buffer): string {
	return createHash('sha256').update(image).digest('hex');
}

/** The entry of a blocklist that a value is on. */
export function blockedBy(lists: List[], type: EntryType, value: string): ListEntry | undefined {
	const wanted = value.toLowerCase();
	return lists
		.filter((list) => list.listType === 'blocklist' && list.entryType === type)
		.flatMap((list) => list.entries)
		.find((entry) => (entry.face ?? entry.value).toLowerCase() === wanted);
}

/** Adds an entry, or gives the one that holds the same value. */
export function addEntry(
	list: List,
	fields: Partial<ListEntry> & Pick<ListEntry, 'value'>,
	now: number,
): ListEntry {
	const before = list.entries.find((entry) => entry.value === fields.value);
	if (before) return before;
	const entry: ListEntry = {
		uuid: randomUUID(),
		face: null,
		displayLabel: '',
		comment: '',
		addedBy: 'api',
		referenceSession: null,
		referenceObject: null,
		metadata: null,
		createdAt: now,
		...fields,
	};
	list.entries.push(entry);
	return entry;
}
