/** `POST /v3/email/risk/`, `/v3/phone/risk/` and `/v3/ip/risk/` (docs.didit.me, standalone-apis): what is known, without a message to anybody. */

import type { Hono } from 'hono';

import { fixture } from '../../../fixtures';
import { endpoint } from '../../../http/endpoint';
import type { Fields } from '../../../http/fields';
import { route } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { blockedBy, type EntryType } from '../../../state/lists';
import { EMAIL, PHONE, readSignals } from './codes';
import { requireCredits, runCheck, type Check, type Result } from './run';
import { warning } from './warning';

/** dollars; no page names a price */
const PRICE = 0.02;

interface Asked {
	value: string;
	/** Of an IP address only. */
	claimedCountry?: string | null;
}

interface Finding {
	/** What makes a reviewer look. */
	risks: string[];
	/** What declines. */
	refusals?: string[];
	/** The keys of the fixture. */
	found: JsonObject;
}

interface Kind extends Pick<Check<Asked>, 'feature' | 'key' | 'read'> {
	entryType: EntryType;
	find(asked: Asked): Finding;
}

const EMAIL_RISK: Kind = {
	key: 'email',
	feature: 'EMAIL',
	entryType: 'email',
	read(fields) {
		readSignals(fields);
		return { value: EMAIL.read(fields) };
	},
	find({ value }) {
		const undeliverable = value.endsWith('@undeliverable.example');
		return {
			risks: EMAIL.risks(value).map(({ risk }) => risk),
			refusals: undeliverable ? ['UNDELIVERABLE_EMAIL_DETECTED'] : [],
			found: {
				...EMAIL.describe(value),
				is_undeliverable: undeliverable,
				domain: value.split('@')[1] ?? null,
			},
		};
	},
};

const PHONE_RISK: Kind = {
	key: 'phone',
	feature: 'PHONE',
	entryType: 'phone',
	read(fields) {
		readSignals(fields);
		fields.alpha2('country_code');
		return { value: PHONE.read(fields) };
	},
	find: ({ value }) => ({
		risks: PHONE.risks(value).map(({ risk }) => risk),
		refusals: value.endsWith('900') ? ['SPAM_NUMBER_DETECTED'] : [],
		found: PHONE.describe(value),
	}),
};

/** By the three networks that are reserved for examples (RFC 5737): 192.0.2.0/24 is a home in Spain. */
const IP_RISK: Kind = {
	key: 'ip',
	feature: 'IP_ANALYSIS',
	entryType: 'ip_address',
	read(fields) {
		fields.text('user_agent', { nullable: true, blank: true });
		fields.ip('ip_address');
		return {
			value: fields.text('ip_address', { required: true }) ?? '',
			claimedCountry: fields.alpha2('claimed_country'),
		};
	},
	find({ value, claimedCountry = null }) {
		const hidden = value.startsWith('198.51.100.');
		const served = value.startsWith('203.0.113.');
		const mismatch = claimedCountry === null ? null : claimedCountry !== 'ES';
		return {
			risks: [
				...(hidden ? ['PRIVATE_NETWORK_DETECTED'] : []),
				...(served ? ['DATA_CENTER_DETECTED'] : []),
				...(mismatch === true ? ['COUNTRY_MISMATCH'] : []),
			],
			found: {
				ip_country: 'ES',
				is_vpn_or_tor: hidden,
				is_data_center: served,
				claimed_country: claimedCountry,
				country_mismatch: mismatch,
			},
		};
	},
};

function resultOf(kind: Kind, asked: Asked, { risks, refusals = [], found }: Finding): Result {
	const status = refusals.length > 0 ? 'Declined' : risks.length > 0 ? 'In Review' : 'Approved';
	return fixture(kind.key === 'ip' ? 'checks/ip' : `checks/${kind.key}_risk`, {
		...found,
		status,
		address: asked.value,
		warnings: [
			...refusals.map((risk) => warning(kind.feature, risk, 'Declined')),
			...risks.map((risk) => warning(kind.feature, risk, 'In Review')),
		],
	}) as Result;
}

const checkOf = (kind: Kind): Check<Asked, Fields> => ({
	path: `/v3/${kind.key}/risk/`,
	key: kind.key,
	feature: kind.feature,
	price: PRICE,
	read: kind.read,
	decide(asked, { application }) {
		const finding = kind.find(asked);
		const blocked = blockedBy(application.lists, kind.entryType, asked.value);
		const refusals = blocked ? [`${kind.entryType.toUpperCase()}_IN_BLOCKLIST`] : [];
		// Of an IP address, Didit says no more than In Review.
		return kind.key === 'ip'
			? resultOf(kind, asked, { ...finding, risks: [...finding.risks, ...refusals] })
			: resultOf(kind, asked, {
					...finding,
					refusals: [...(finding.refusals ?? []), ...refusals],
				});
	},
	approved: (asked) => resultOf(kind, asked, { ...kind.find(asked), risks: [], refusals: [] }),
});

export function addRiskRoutes(app: Hono, service: Service): void {
	for (const check of [EMAIL_RISK, PHONE_RISK, IP_RISK].map(checkOf)) {
		const assess = endpoint(service, 'checks:write', async (call) => {
			requireCredits(call, check.price);
			const answer = runCheck(check, call, await call.body());
			// As the answers about codes, these have the verdict at the top.
			return { ...answer, status: (answer[check.key] as Result).status };
		});
		route(app, check.path, { POST: assess });
	}
}
