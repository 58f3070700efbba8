/** Blocklists, allowlists and lists of one's own (docs.didit.me, Lists). */
import type { Metadata } from './didit';

export type ListType = 'allowlist' | 'blocklist' | 'custom';

export type EntryType =
	| 'bank_account'
	| 'business'
	| 'country'
	| 'device_fingerprint'
	| 'document'
	| 'email'
	| 'face'
	| 'ip_address'
	| 'key'
	| 'phone'
	| 'user'
	| 'wallet_address';

/** Query of `GET /v3/lists/`. */
export interface ListFilters {
	list_type?: ListType;
	entry_type?: EntryType;
}

/** `POST /v3/lists/`. */
export interface CreateList {
	/** No two lists have the same. */
	name: string;
	/** The blocklists are Didit's own. */
	list_type: 'allowlist' | 'custom';
	entry_type: EntryType;
	description?: string;
}

/** `PATCH /v3/lists/{uuid}/`. */
export interface UpdateList {
	name?: string;
	description?: string;
}

/** Query of `GET /v3/lists/{uuid}/entries/`. */
export interface EntryFilters {
	search?: string;
}

/** `POST /v3/lists/{uuid}/entries/`: a value, a session that has one, or both where the session has several. */
export interface CreateEntry {
	value?: string;
	reference_session_id?: string;
	reference_object_uuid?: string;
	display_label?: string;
	comment?: string;
	metadata?: Metadata;
}

/** `POST /v3/lists/{uuid}/entries/face-upload/`. */
export interface UploadFace {
	/** Base64 of a JPEG, PNG or WebP. */
	image: string;
	display_label?: string;
	comment?: string;
}
