/** What all standalone checks share (docs.didit.me, standalone-apis): the envelope, what is stored, what it costs. */

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';

import type { MediaUrl } from '../../../decision/blocks';
import type { FeatureCode } from '../../../decision/features';
import { endpoint, type Call } from '../../../http/endpoint';
import type { Fields } from '../../../http/fields';
import { Form, readForm } from '../../../http/form';
import { route } from '../../../http/routing';
import type { Json, JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { isoTime } from '../../../values';

/** The result of a check: the verdict is its `status`. */
export type Result = JsonObject & { status: 'Approved' | 'Declined' | 'In Review' };

/** What every check takes. */
export interface Common {
	vendorData: string | null;
	metadata: Json;
	/** `save_api_request`: a session is made, and its event is sent. */
	save: boolean;
}

export interface CheckCall extends Call, Common {
	/** Gives the address of one of the files that the check keeps; null when it keeps none. */
	media: (file: string) => string | null;
}

export interface Check<Input, From extends Fields = Fields> {
	path: string;
	/** Where the answer holds the result. */
	key: string;
	feature: FeatureCode;
	/** dollars */
	price: number;
	/** Reads and checks its own fields; what is wrong is recorded in `fields`. */
	read(fields: From, common: Common): Input;
	/**
	 * What Didit finds.
	 *
	 * @throws ApiError when the check can't be done, which costs nothing
	 */
	decide(input: Input, call: CheckCall): Result;
	/** The sandbox's answer, whatever is sent. */
	approved(input: Input): Result;
}

/** The fields of every check. */
export function readCommon(fields: Fields): Common {
	return {
		vendorData: fields.text('vendor_data', { nullable: true, blank: true }) ?? null,
		metadata: fields.json('metadata'),
		save: fields.boolean('save_api_request') ?? true,
	};
}

/** Does one check on fields that were read: what it answers, stores, sends and costs. */
export function runCheck<Input, From extends Fields>(
	check: Check<Input, From>,
	call: Call,
	fields: From,
): JsonObject {
	const { service, application } = call;
	const common = readCommon(fields);
	const input = check.read(fields, common);
	fields.done();
	const id = randomUUID();
	const sandbox = application.config.environment === 'sandbox';
	const keep = common.save && !sandbox;
	const media: MediaUrl = service.media({ id });
	const result = sandbox
		? check.approved(input)
		: check.decide(input, { ...call, ...common, media: (file) => (keep ? media(file) : null) });
	if (!sandbox) service.account.charge(check.price);
	if (keep) {
		service.sessions.record({
			id,
			application,
			feature: check.feature,
			result,
			vendorData: common.vendorData,
			metadata: common.metadata,
		});
	}
	return {
		request_id: id,
		[check.key]: result,
		vendor_data: common.vendorData,
		metadata: common.metadata,
		created_at: isoTime(service.state.now()).replace('Z', '+00:00'),
	};
}

/** Refuses a call that the balance can't cover, before anything else is looked at. */
export function requireCredits({ service, application }: Call, price: number): void {
	if (application.config.environment === 'live') service.account.require(price);
}

/** A check that takes JSON. */
export function addJsonCheck<Input>(app: Hono, service: Service, check: Check<Input>): void {
	route(app, check.path, {
		POST: endpoint(service, 'checks:write', async (call) => {
			requireCredits(call, check.price);
			return runCheck(check, call, await call.body());
		}),
	});
}

/** A check that takes files. */
export function addFormCheck<Input>(app: Hono, service: Service, check: Check<Input, Form>): void {
	route(app, check.path, {
		POST: endpoint(service, 'checks:write', async (call) => {
			requireCredits(call, check.price);
			return runCheck(check, call, await readForm(call.context));
		}),
	});
}
