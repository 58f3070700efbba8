/** `/v3/users/` and `/v3/businesses/`: the same six calls (docs.didit.me, management-api/users and businesses). */

import type { Hono } from 'hono';

import type { Scope } from '../../../applications';
import { answer, ApiError, detail } from '../../../http/answers';
import { endpoint, type Call } from '../../../http/endpoint';
import type { Fields } from '../../../http/fields';
import { pageAnswer, readPage } from '../../../http/paging';
import { route } from '../../../http/routing';
import { answerJson, type Json, type JsonObject } from '../../../json';
import type { Service } from '../../../service';
import {
	addEntity,
	ENTITY_STATUSES,
	findEntity,
	type Entity,
	type EntityStatus,
} from '../../../state/entities';
import { addEntry } from '../../../state/lists';
import type { Session } from '../../../state/session';
import { entityRecord, entityRow } from './record';

interface Kind {
	kind: Entity['kind'];
	path: string;
	read: Scope;
	write: Scope;
	/** Reads the fields that only this kind has. */
	own(fields: Fields): JsonObject;
}

function textList(
	fields: Fields,
	name: string,
	check: (value: string) => boolean,
): Json[] | undefined {
	const items = fields.list(name);
	if (items?.some((item) => typeof item !== 'string' || !check(item))) {
		fields.fail(name, ['Not a valid value.']);
	}
	return items;
}

const KINDS: Kind[] = [
	{
		kind: 'user',
		path: '/v3/users/',
		read: 'users:read',
		write: 'users:write',
		own: (fields) => ({
			full_name: fields.text('full_name', { nullable: true, blank: true, max: 512 }),
			date_of_birth: fields.date('date_of_birth'),
			issuing_states: textList(fields, 'issuing_states', (state) => /^[A-Z]{3}$/.test(state)),
			approved_emails: textList(fields, 'approved_emails', (email) => email.includes('@')),
			approved_phones: textList(fields, 'approved_phones', (phone) => /^\+\d{7,19}$/.test(phone)),
		}),
	},
	{
		kind: 'business',
		path: '/v3/businesses/',
		read: 'businesses:read',
		write: 'businesses:write',
		own: (fields) => ({
			legal_name: fields.text('legal_name', { nullable: true, blank: true, max: 512 }),
			registration_number: fields.text('registration_number', { nullable: true, blank: true }),
			country_code: fields.alpha2('country_code'),
			region: fields.text('region', { nullable: true, blank: true }),
		}),
	},
];

const MAX_COUNT = 100;

function sessionsOf({ service, application }: Call, entity: Entity): Session[] {
	return service.sessions
		.all(application)
		.filter(({ kind, vendorData }) => kind === entity.kind && vendorData === entity.vendorData);
}

function ownEntity(call: Call, { kind }: Kind): Entity {
	const entity = findEntity(call.application.entities, kind, call.param('vendorData'));
	if (!entity) throw detail(404, 'Not found.');
	return entity;
}

function record(call: Call, entity: Entity): JsonObject {
	return entityRecord(entity, sessionsOf(call, entity));
}

function list(call: Call, { kind }: Kind): Response {
	const page = readPage(call.query, 50);
	const own = call.application.entities
		.filter((entity) => entity.kind === kind)
		.map((entity) => ({ entity, sessions: sessionsOf(call, entity) }))
		.sort((a, b) => (b.sessions[0]?.number ?? -1) - (a.sessions[0]?.number ?? -1));
	const end = page.offset + page.limit;
	return pageAnswer(
		call.context,
		page,
		Math.min(own.length, MAX_COUNT),
		own.length > end,
		own.slice(page.offset, end).map(({ entity, sessions }) => entityRow(entity, sessions)),
	);
}

/** Takes over what was sent, and announces it: `user.data.updated` and `user.status.updated`. */
function change(
	call: Call,
	entity: Entity,
	changed: JsonObject,
	status?: EntityStatus | null,
): void {
	const { service, application } = call;
	const before: JsonObject = {
		...entity.own,
		display_name: entity.displayName,
		metadata: entity.metadata,
	};
	const { display_name, metadata, ...own } = changed;
	if (display_name !== undefined) entity.displayName = display_name as string | null;
	if (metadata !== undefined) entity.metadata = metadata;
	for (const [name, value] of Object.entries(own)) {
		if (value !== undefined) entity.own[name] = value;
	}
	entity.updatedAt = service.state.now();
	const previous = entity.status;
	if (status) entity.status = status;
	const envelope = {
		[`vendor_${entity.kind}_id`]: entity.id,
		vendor_data: entity.vendorData,
		status: entity.status,
	};
	const changes = Object.fromEntries(
		Object.entries(changed)
			.filter(([name, value]) => value !== undefined && !same(value, before[name]))
			.map(([name, value]) => [name, { previous: before[name] ?? null, current: value }]),
	);
	const changed_fields = Object.keys(changes);
	if (changed_fields.length > 0) {
		const event = `${entity.kind}.data.updated`;
		void service.sender.entityEvent(application, event, { ...envelope, changed_fields, changes });
	}
	if (entity.status !== previous) {
		const event = `${entity.kind}.status.updated`;
		void service.sender.entityEvent(application, event, { ...envelope, previous_status: previous });
	}
}

function same(a: Json, b: Json | undefined): boolean {
	return b !== undefined && answerJson(a) === answerJson(b);
}

function readChange(fields: Fields, { own }: Kind) {
	const changed: JsonObject = {
		display_name: fields.text('display_name', { nullable: true, blank: true }),
		...own(fields),
		metadata: fields.object('metadata', () => undefined),
	};
	return { changed, status: fields.choice('status', ENTITY_STATUSES) };
}

async function create(call: Call, kind: Kind): Promise<Response> {
	const fields = await call.body();
	const vendorData = fields.text('vendor_data', { required: true }) ?? '';
	const { changed, status } = readChange(fields, kind);
	fields.done();
	const { application, service } = call;
	if (findEntity(application.entities, kind.kind, vendorData)) {
		throw detail(400, 'vendor_data already exists');
	}
	const entity = addEntity(application.entities, kind.kind, vendorData, service.state.now());
	entity.status = status ?? 'ACTIVE';
	change(call, entity, changed);
	return answer(record(call, entity), 201);
}

async function update(call: Call, kind: Kind): Promise<JsonObject> {
	const entity = ownEntity(call, kind);
	const fields = await call.body();
	const { changed, status } = readChange(fields, kind);
	fields.done();
	change(call, entity, changed, status);
	return record(call, entity);
}

/** Unlike an update, this puts who is blocked on the blocklist too. */
async function updateStatus(call: Call, kind: Kind): Promise<JsonObject> {
	const entity = ownEntity(call, kind);
	const fields = await call.body();
	const status = fields.choice('status', ENTITY_STATUSES, { required: true });
	fields.done();
	change(call, entity, {}, status);
	const list = call.application.lists.find(
		({ isSystem, entryType }) => isSystem && entryType === entity.kind,
	);
	if (list) {
		list.entries = list.entries.filter((entry) => entry.value !== entity.vendorData);
		if (status === 'BLOCKED') {
			addEntry(list, { value: entity.vendorData, addedBy: 'system' }, call.service.state.now());
		}
	}
	return record(call, entity);
}

async function remove(call: Call, { kind }: Kind): Promise<JsonObject> {
	const fields = await call.body();
	const all = fields.boolean('delete_all') === true;
	const vendorData = fields.list('vendor_data_list');
	const ids = fields.list('didit_internal_id_list');
	fields.done();
	if ([all, vendorData, ids].filter(Boolean).length !== 1) {
		throw new ApiError(400, {
			non_field_errors: [
				'Provide exactly one of vendor_data_list, didit_internal_id_list or delete_all.',
			],
		});
	}
	const { application } = call;
	const before = application.entities.length;
	application.entities = application.entities.filter(
		(entity) =>
			entity.kind !== kind ||
			!(all || vendorData?.includes(entity.vendorData) || ids?.includes(entity.id)),
	);
	return { deleted: before - application.entities.length };
}

export function addEntityRoutes(app: Hono, service: Service): void {
	for (const kind of KINDS) {
		const one = `${kind.path}:vendorData/`;
		const write = (handle: (call: Call, kind: Kind) => Promise<Json | Response>) =>
			endpoint(service, kind.write, async (call) => await handle(call, kind));
		route(app, kind.path, { GET: endpoint(service, kind.read, (call) => list(call, kind)) });
		route(app, `${kind.path}create/`, { POST: write(create) });
		route(app, `${kind.path}delete/`, { POST: write(remove) });
		route(app, one, {
			GET: endpoint(service, kind.read, (call) => record(call, ownEntity(call, kind))),
			PATCH: write(update),
		});
		route(app, `${one}update-status/`, { PATCH: write(updateStatus) });
	}
}
