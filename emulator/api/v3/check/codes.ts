/** Codes by e-mail and phone: send and check (docs.didit.me, standalone-apis/email-send and the pages beside it). */

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';

import { fixture } from '../../../fixtures';
import { ApiError } from '../../../http/answers';
import { endpoint, type Call } from '../../../http/endpoint';
import { Fields, LANGUAGES } from '../../../http/fields';
import { route } from '../../../http/routing';
import type { Json, JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Codes } from '../../../state/codes';
import { blockedBy } from '../../../state/lists';
import { isoTime } from '../../../values';
import { readCommon, requireCredits, type Common, type Result } from './run';
import { warning } from './warning';

const CHANNELS = ['whatsapp', 'sms', 'telegram', 'voice', 'rcs', 'viber', 'zalo'] as const;
const MAX_SENDS_PER_HOUR = 4;

/** What e-mail and phone have in common, and where they differ. */
interface Medium {
	key: 'email' | 'phone';
	field: 'email' | 'phone_number';
	feature: 'EMAIL' | 'PHONE';
	/** dollars for each message */
	price: number;
	read(fields: Fields): string;
	/** Why nothing is sent: the answer's status and reason. */
	refusal(address: string, sentWithinHour: number): [status: string, reason: string] | undefined;
	/** The risks of an address that a policy can decline, with the name of that policy. */
	risks(address: string): Array<{ risk: string; policy: string }>;
	policies: string[];
	describe(address: string): JsonObject;
}

export const EMAIL: Medium = {
	key: 'email',
	field: 'email',
	feature: 'EMAIL',
	price: 0.03,
	read: (fields) => {
		fields.email('email', { required: true });
		return String(fields.data.email).toLowerCase();
	},
	refusal: (address) =>
		address.endsWith('@undeliverable.example')
			? ['Undeliverable', 'email_can_not_be_delivered']
			: undefined,
	risks: (address) =>
		['breached', 'disposable', 'duplicated']
			.filter((word) => address.startsWith(`${word}@`))
			.map((word) => ({
				risk: `${word.toUpperCase()}_EMAIL_DETECTED`,
				policy: `${word}_email_action`,
			})),
	policies: [
		'duplicated_email_action',
		'breached_email_action',
		'disposable_email_action',
		'undeliverable_email_action',
	],
	describe: (address) => ({
		is_breached: address.startsWith('breached@'),
		is_disposable: address.startsWith('disposable@'),
	}),
};

export const PHONE: Medium = {
	key: 'phone',
	field: 'phone_number',
	feature: 'PHONE',
	price: 0.04,
	read: (fields) => {
		const number = fields.text('phone_number', { required: true, max: 20 });
		if (typeof number === 'string' && !/^\+[1-9]\d{6,18}$/.test(number)) {
			fields.fail('phone_number', ['Enter a valid phone number in E.164 format.']);
		}
		return number ?? '';
	},
	refusal: (address, sentWithinHour) => {
		if (address.endsWith('900')) return ['Blocked', 'spam'];
		return sentWithinHour >= MAX_SENDS_PER_HOUR ? ['Blocked', 'repeated_attempts'] : undefined;
	},
	risks: (address) => [
		...(address.endsWith('901')
			? [{ risk: 'DISPOSABLE_NUMBER_DETECTED', policy: 'disposable_number_action' }]
			: []),
		...(address.endsWith('902')
			? [{ risk: 'VOIP_NUMBER_DETECTED', policy: 'voip_number_action' }]
			: []),
		...(address.endsWith('903')
			? [{ risk: 'DUPLICATED_PHONE_NUMBER', policy: 'duplicated_phone_number_action' }]
			: []),
	],
	policies: ['duplicated_phone_number_action', 'disposable_number_action', 'voip_number_action'],
	describe: (address) => ({
		prefix: address.slice(0, 3),
		local: address.slice(3),
		is_disposable: address.endsWith('901'),
		is_virtual: address.endsWith('902'),
	}),
};

function codesOf({ application }: Call, { key }: Medium): Codes {
	return application.codes[key];
}

function readOptions(fields: Fields, key: Medium['key']) {
	const options = { size: 6, alphanumeric: false, channel: key === 'phone' ? 'whatsapp' : 'email' };
	fields.object('options', (inner) => {
		options.size = inner.integer('code_size', 4, 8) ?? 6;
		inner.choice('locale', LANGUAGES);
		inner.boolean('use_white_label_customization');
		if (key === 'email') options.alphanumeric = inner.boolean('alphanumeric_code') ?? false;
		else options.channel = inner.choice('preferred_channel', CHANNELS) ?? 'whatsapp';
	});
	return options;
}

export function readSignals(fields: Fields): void {
	fields.object('signals', (signals) => {
		signals.ip('ip');
		for (const name of ['device_id', 'device_platform', 'device_model', 'os_version']) {
			signals.text(name, { nullable: true, blank: true });
		}
		for (const name of ['app_version', 'user_agent']) {
			signals.text(name, { nullable: true, blank: true });
		}
	});
}

async function send(medium: Medium, call: Call): Promise<Json> {
	requireCredits(call, medium.price);
	const fields = await call.body();
	const common = readCommon(fields);
	const address = medium.read(fields);
	const options = readOptions(fields, medium.key);
	readSignals(fields);
	fields.done();
	const { service, application } = call;
	const answer = (requestId: string, status: string, reason: string | null) => ({
		request_id: requestId,
		status,
		reason,
		vendor_data: common.vendorData,
		metadata: common.metadata,
	});
	const requestId = randomUUID();
	if (application.config.environment === 'sandbox') return answer(requestId, 'Success', null);
	if (medium === PHONE && address.endsWith('904')) {
		throw new ApiError(502, {
			detail: 'Phone verification is temporarily unavailable. Please try again shortly.',
			code: 'phone_provider_unavailable',
		});
	}
	const codes = codesOf(call, medium);
	const now = service.state.now();
	const refusal = medium.refusal(address, codes.sentWithinHour(address, now).length);
	if (refusal) {
		const [status, reason] = refusal;
		keep(medium, call, common, requestId, finding(medium, call, address, 0, 'Declined', null, []));
		return answer(requestId, status, reason);
	}
	const request = { requestId, ...options, vendorData: common.vendorData };
	const sent = codes.send(address, request, now);
	// The second e-mail of a verification is free.
	if (!sent.again || medium === PHONE) service.account.charge(medium.price);
	return answer(sent.requestId, sent.again ? 'Retry' : 'Success', null);
}

/** What is found about an address, once its code was right or nothing could be sent to it. */
function finding(
	medium: Medium,
	{ service }: Call,
	address: string,
	attempts: number,
	status: 'Approved' | 'Declined',
	channel: string | null,
	warnings: JsonObject[],
): Result {
	return fixture(`checks/${medium.key}`, {
		...medium.describe(address),
		status,
		address,
		attempts,
		channel,
		verified_at: status === 'Approved' ? isoTime(service.state.now()) : null,
		warnings,
	}) as Result;
}

function keep(medium: Medium, call: Call, common: Common, id: string, result: Result): void {
	if (!common.save) return;
	const { service, application } = call;
	service.sessions.record({ id, application, feature: medium.feature, result, ...common });
}

async function check(medium: Medium, call: Call): Promise<Json> {
	const fields = await call.body();
	const common = readCommon(fields);
	const address = medium.read(fields);
	const code = fields.text('code', { required: true }) ?? '';
	if (medium === PHONE && code !== '' && !/^\d{4,8}$/.test(code)) {
		fields.fail('code', ['The code must have 4 to 8 digits.']);
	}
	const declining = medium.policies.filter(
		(name) => fields.choice(name, ['NO_ACTION', 'DECLINE'] as const) === 'DECLINE',
	);
	fields.done();
	const { service, application } = call;
	const created_at = isoTime(service.state.now()).replace('Z', '+00:00');
	const tried = codesOf(call, medium).check(address, code, service.state.now());
	// In the sandbox no code was sent that could be right.
	if (!tried) {
		const { status, message } = {
			status: 'Expired or Not Found',
			message: 'No pending verification was found for this address.',
		};
		return { request_id: null, status, message, vendor_data: null, metadata: null, created_at };
	}
	const rest = {
		vendor_data: common.vendorData ?? tried.vendorData,
		metadata: common.metadata,
		created_at,
	};
	if (!tried.right) {
		const message = 'The verification code is incorrect.';
		return { request_id: tried.requestId, status: 'Failed', message, ...rest };
	}
	const risks = medium.risks(address);
	const blocked = blockedBy(application.lists, medium.key, address);
	const declined = blocked !== undefined || risks.some(({ policy }) => declining.includes(policy));
	const status = declined ? 'Declined' : 'Approved';
	const warnings = risks.map(({ risk, policy }) =>
		warning(medium.feature, risk, declining.includes(policy) ? 'Declined' : 'Approved'),
	);
	if (blocked) {
		const risk = medium === EMAIL ? 'EMAIL_IN_BLOCKLIST' : 'PHONE_NUMBER_IN_BLOCKLIST';
		warnings.push(warning(medium.feature, risk, 'Declined'));
	}
	const { attempts, channel, requestId } = tried;
	const result = finding(medium, call, address, attempts, status, channel, warnings);
	keep(medium, call, { ...common, vendorData: rest.vendor_data }, requestId, result);
	const message = declined ? 'The verification was declined.' : 'The verification code is correct.';
	return { request_id: requestId, status, message, [medium.key]: result, ...rest };
}

export function addCodeRoutes(app: Hono, service: Service): void {
	for (const medium of [EMAIL, PHONE]) {
		route(app, `/v3/${medium.key}/send/`, {
			POST: endpoint(service, 'checks:write', async (call) => await send(medium, call)),
		});
		route(app, `/v3/${medium.key}/check/`, {
			POST: endpoint(service, 'checks:write', async (call) => await check(medium, call)),
		});
	}
}
