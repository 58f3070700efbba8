/** `/v3/lists/` and their entries (docs.didit.me, lists). */

import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Hono } from 'hono';

import { COUNTRIES } from '../../countries';
import { answer, ApiError, detail } from '../../http/answers';
import { endpoint, type Call } from '../../http/endpoint';
import type { Fields } from '../../http/fields';
import { pageAnswer, readPage } from '../../http/paging';
import { route, uuidParam } from '../../http/routing';
import type { JsonObject } from '../../json';
import type { Service } from '../../service';
import { listedValues } from '../../state/blocking';
import { findEntity } from '../../state/entities';
import {
	addEntry,
	ENTRY_TYPES,
	faceOf,
	type EntryType,
	type List,
	type ListEntry,
} from '../../state/lists';
import { isoTime } from '../../values';

function row(list: List): JsonObject {
	const last = list.entries.at(-1);
	return {
		uuid: list.uuid,
		name: list.name,
		description: list.description,
		list_type: list.listType,
		entry_type: list.entryType,
		is_system: list.isSystem,
		entry_count: list.entries.length,
		last_entry_added_at: last ? isoTime(last.createdAt) : null,
		created_at: isoTime(list.createdAt),
		updated_at: isoTime(list.updatedAt),
	};
}

function entryRow(entry: ListEntry): JsonObject {
	return {
		uuid: entry.uuid,
		value: entry.value,
		display_label: entry.displayLabel,
		comment: entry.comment,
		added_by: entry.addedBy,
		reference_session_id: entry.referenceSession?.id ?? null,
		reference_session_number: entry.referenceSession?.number ?? null,
		reference_object_uuid: entry.referenceObject,
		metadata: entry.metadata,
		created_at: isoTime(entry.createdAt),
	};
}

function ownList({ application, param }: Call): List {
	const list = application.lists.find(({ uuid }) => uuid === param('id'));
	if (!list) throw detail(404, 'Not found.');
	return list;
}

function paged(call: Call, rows: JsonObject[]): Response {
	const page = readPage(call.query, 25);
	const end = page.offset + page.limit;
	return pageAnswer(
		call.context,
		page,
		rows.length,
		rows.length > end,
		rows.slice(page.offset, end),
	);
}

function listLists(call: Call): Response {
	const type = call.query.get('list_type');
	const entryType = call.query.get('entry_type');
	const rows = call.application.lists
		.filter((list) => !type || list.listType === type)
		.filter((list) => !entryType || list.entryType === entryType)
		.map(row);
	const ordering = /^(-?)(created_at|entry_count|last_entry_added_at)$/.exec(
		call.query.get('ordering') ?? '',
	);
	if (ordering) {
		const [, minus, key] = ordering;
		const sign = minus ? -1 : 1;
		const value = (list: JsonObject) => list[key] as string | number | null;
		rows.sort((a, b) => sign * ((value(a) ?? '') < (value(b) ?? '') ? -1 : 1));
	}
	return paged(call, rows);
}

function readName(
	call: Call,
	fields: Fields,
	required: boolean,
	current?: List,
): string | undefined {
	const name = fields.text('name', { required }) ?? undefined;
	const twin = call.application.lists.some((list) => list !== current && list.name === name);
	if (twin) fields.fail('name', ['A list with this name already exists.']);
	return name;
}

async function createList(call: Call): Promise<Response> {
	const fields = await call.body();
	const name = readName(call, fields, true) ?? '';
	const listType = fields.choice('list_type', ['allowlist', 'custom'] as const, { required: true });
	const entryType = fields.choice('entry_type', ENTRY_TYPES, { required: true });
	const description = fields.text('description', { blank: true }) ?? '';
	fields.done();
	const now = call.service.state.now();
	const list: List = {
		uuid: randomUUID(),
		name,
		description,
		listType: listType ?? 'custom',
		entryType: entryType ?? 'key',
		isSystem: false,
		entries: [],
		createdAt: now,
		updatedAt: now,
	};
	call.application.lists.push(list);
	return answer(row(list), 201);
}

/** @throws ApiError 403 for one of the ten that Didit made */
function refuseSystem(list: List): void {
	if (list.isSystem) throw detail(403, 'System lists cannot be modified or deleted.');
}

async function updateList(call: Call): Promise<JsonObject> {
	const list = ownList(call);
	refuseSystem(list);
	const fields = await call.body();
	const name = readName(call, fields, false, list);
	const description = fields.text('description', { blank: true });
	fields.done();
	list.name = name ?? list.name;
	list.description = description ?? list.description;
	list.updatedAt = call.service.state.now();
	return row(list);
}

function deleteList(call: Call): Response {
	const list = ownList(call);
	refuseSystem(list);
	call.application.lists.splice(call.application.lists.indexOf(list), 1);
	return new Response(null, { status: 204 });
}

/** The value as it is stored, or undefined when it is none of the list's type. */
function normalise(type: EntryType, value: string): string | undefined {
	const text = value.trim();
	switch (type) {
		case 'email':
			return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? text.toLowerCase() : undefined;
		case 'phone': {
			const number = text.replace(/[\s().-]/g, '').replace(/^00/, '+');
			return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
		}
		case 'ip_address': {
			const [address, bits] = text.split('/');
			const known = isIP(address) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
			return known ? text : undefined;
		}
		case 'device_fingerprint':
			return text.length >= 8 ? text : undefined;
		case 'country': {
			const country = [...COUNTRIES.values()].find(({ alpha2, alpha3 }) =>
				[alpha2, alpha3].includes(text.toUpperCase()),
			);
			return country?.alpha3;
		}
		case 'face':
			return undefined;
		default:
			return text || undefined;
	}
}

function readNotes(fields: Fields) {
	return {
		displayLabel: fields.text('display_label', { blank: true }) ?? '',
		comment: fields.text('comment', { blank: true }) ?? '',
	};
}

async function createEntry(call: Call): Promise<Response> {
	const list = ownList(call);
	const fields = await call.body();
	const given = fields.text('value');
	const sessionId = fields.text('reference_session_id');
	const referenceObject = fields.text('reference_object_uuid', { nullable: true }) ?? null;
	const notes = readNotes(fields);
	const metadata = fields.json('metadata');
	if (!given && !sessionId) fields.fail('value', ['value or reference_session_id is required.']);
	fields.done();
	const session = sessionId ? call.service.sessions.find(sessionId) : undefined;
	if (sessionId && session?.application !== call.application) {
		throw new ApiError(400, { reference_session_id: ['Session not found.'] });
	}
	const found = session && listedValues(session)[list.entryType];
	if (session && found === undefined) {
		throw new ApiError(400, { reference_session_id: ['The session has no data of this type.'] });
	}
	const face = list.entryType === 'face' ? (found ?? null) : null;
	const value = face === null ? normalise(list.entryType, given ?? found ?? '') : randomUUID();
	if (value === undefined) throw new ApiError(400, { value: [`Enter a valid ${list.entryType}.`] });
	const referenceSession = session ? { id: session.id, number: session.number } : null;
	const now = call.service.state.now();
	return answer(
		entryRow(
			addEntry(list, { value, face, referenceSession, referenceObject, metadata, ...notes }, now),
		),
		201,
	);
}

async function uploadFace(call: Call): Promise<Response> {
	const list = ownList(call);
	const fields = await call.body();
	const image = fields.text('image', { required: true });
	const notes = readNotes(fields);
	if (list.entryType !== 'face') fields.fail('non_field_errors', ['This is not a list of faces.']);
	if (typeof image === 'string' && !/^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(image)) {
		fields.fail('image', ['Invalid base64 image.']);
	}
	fields.done();
	const value = randomUUID();
	const face = faceOf(Buffer.from(image ?? '', 'base64'));
	const entry = { value, face, referenceObject: value, ...notes };
	return answer(entryRow(addEntry(list, entry, call.service.state.now())), 201);
}

function listEntries(call: Call): Response {
	const search = call.query.get('search')?.toLowerCase() ?? '';
	const entries = ownList(call).entries.filter(({ value, displayLabel, comment }) =>
		[value, displayLabel, comment].some((text) => text.toLowerCase().includes(search)),
	);
	return paged(call, entries.map(entryRow).reverse());
}

/** Also unblocks the user or business that the entry is about. */
function deleteEntry(call: Call): Response {
	const list = ownList(call);
	const index = list.entries.findIndex(({ uuid }) => uuid === call.param('entry'));
	if (index < 0) throw detail(404, 'Not found.');
	const [entry] = list.entries.splice(index, 1);
	if (list.isSystem && (list.entryType === 'user' || list.entryType === 'business')) {
		const entity = findEntity(call.application.entities, list.entryType, entry.value);
		if (entity?.status === 'BLOCKED') entity.status = 'ACTIVE';
	}
	return new Response(null, { status: 204 });
}

export function addListRoutes(app: Hono, service: Service): void {
	const all = '/v3/lists/';
	const one = `${all}${uuidParam('id')}/`;
	const entries = `${one}entries/`;
	const read = (handle: (call: Call) => JsonObject | Response) =>
		endpoint(service, 'lists:read', handle);
	const write = (handle: (call: Call) => Promise<JsonObject | Response> | Response) =>
		endpoint(service, 'lists:write', handle);
	route(app, all, { GET: read(listLists), POST: write(createList) });
	route(app, one, {
		GET: read((call) => row(ownList(call))),
		PATCH: write(updateList),
		DELETE: write(deleteList),
	});
	route(app, entries, { GET: read(listEntries), POST: write(createEntry) });
	route(app, `${entries}face-upload/`, { POST: write(uploadFace) });
	route(app, `${entries}${uuidParam('entry')}/`, { DELETE: write(deleteEntry) });
}
