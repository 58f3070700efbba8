/** `/v3/kyb/`: the company registry (docs.didit.me, standalone-apis/kyb). A search is free, and finds what the other three look up. */

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';

import { fixture } from '../../../fixtures';
import { detail } from '../../../http/answers';
import { endpoint, type Call } from '../../../http/endpoint';
import type { Fields } from '../../../http/fields';
import { route } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { epochSeconds } from '../../../values';
import { readCommon, requireCredits, runCheck, type Check, type Result } from './run';
import { warning } from './warning';

interface Company extends JsonObject {
	name: string;
	registration_number: string;
	/** Alpha-2, or with a subdivision: `US-CA`. */
	country_code: string;
	registry_status: string | null;
	/** null: the registry has not answered. */
	status: 'Approved' | 'Declined' | null;
}

const COMPANIES = fixture('companies').companies as Company[];
/** How long a company that was found can be looked up: no page says it. */
const LIFE_MS = 30 * 60_000;

type Tier = 'basic' | 'shareholders' | 'ubo';
const TIERS: Record<Tier, { path: string; price: number }> = {
	basic: { path: '/v3/kyb/select/', price: 2 },
	shareholders: { path: '/v3/kyb/shareholders/', price: 5 },
	ubo: { path: '/v3/kyb/ubo/', price: 9 },
};

/** Finds a name as `search_type` asks; `fuzzy` forgives a word that is missing or written otherwise. */
function matches(name: string, wanted: string, type: string): boolean {
	const [has, asked] = [name.toLowerCase(), wanted.toLowerCase()];
	if (type === 'start_with') return has.startsWith(asked);
	if (type === 'contains') return has.includes(asked);
	return asked.split(/\s+/).some((word) => word.length > 3 && has.includes(word.slice(0, 4)));
}

function find(call: Call, fields: JsonObject, type: string): JsonObject[] {
	const { name, registration_number, country_code } = fields;
	const now = call.service.state.now();
	return COMPANIES.filter(
		(company) =>
			company.country_code === country_code &&
			(registration_number === undefined || company.registration_number === registration_number) &&
			(name === undefined || matches(company.name, String(name), type)),
	).map((company) => {
		const kyb_response_id = randomUUID();
		call.application.searches.set(kyb_response_id, {
			registrationNumber: company.registration_number,
			expiresAt: now + LIFE_MS,
		});
		return {
			kyb_response_id,
			name: company.name,
			registration_number: company.registration_number,
			status: company.registry_status,
			type: 'Private Limited Company',
			risk_level: null,
			fetch_status: 'pending',
		};
	});
}

async function search(call: Call): Promise<JsonObject> {
	const fields = await call.body();
	const { vendorData, metadata } = readCommon(fields);
	const country = fields.text('country_code', { required: true }) ?? '';
	if (/^[A-Z]{2}-/.test(country)) {
		if (!/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(country)) {
			fields.fail('country_code', ['Enter a valid ISO 3166-2 code.']);
		}
	} else {
		fields.alpha2('country_code', { required: true });
	}
	const name = fields.text('name');
	const number = fields.text('registration_number');
	if (!name && !number) fields.fail('name', ['Give name or registration_number.']);
	const type = fields.choice('search_type', ['contains', 'start_with', 'fuzzy']) ?? 'contains';
	const callback = fields.text('webhook_url');
	if (typeof callback === 'string' && !/^https?:\/\//.test(callback)) {
		fields.fail('webhook_url', ['Enter a valid URL.']);
	}
	fields.done();
	const isPending = typeof callback === 'string';
	const companies = find(call, fields.data, type);
	const registry = (resolved: boolean): JsonObject => ({
		companies: resolved ? companies : [],
		pagination: { total: resolved ? companies.length : 0, page: 1, per_page: 25 },
		search_status: resolved ? 'resolved' : 'pending',
		search_resolved: resolved,
	});
	const about = { request_id: randomUUID(), vendor_data: vendorData, metadata };
	if (isPending) tell(call, callback, { ...about, kyb_registry: registry(true) });
	return {
		request_id: about.request_id,
		kyb_registry: registry(!isPending),
		vendor_data: vendorData,
		metadata,
	};
}

/** The one message of Didit that carries no signature: what a search found, to the address that it named. */
function tell({ service }: Call, url: string, found: JsonObject): void {
	const now = epochSeconds(service.state.now());
	service.sender.unsigned(url, {
		event_id: randomUUID(),
		event_type: 'kyb.registry_search.resolved',
		...found,
		search_status: 'resolved',
		search_resolved: true,
		timestamp: now,
		created_at: now,
	});
}

const OFFICERS = [{ name: 'Ana Inventada', role: 'director', appointed_on: '2015-03-02' }];
const HOLDERS = [{ name: 'Persona Inventada', percentage: 60 }];

/** What the registry has: `Empresa Callada Ltd` keeps its owners to itself. */
const delivered = (company: Company, tier: Tier): Tier =>
	/callada/i.test(company.name) ? 'basic' : tier;

function profile(company: Company, tier: Tier): Result {
	const has = delivered(company, tier);
	const status = company.status ?? 'In Review';
	return {
		...fixture('checks/company', {
			uuid: randomUUID(),
			...company,
			status,
			officers: OFFICERS,
			owners: has === 'ubo' ? HOLDERS : [],
			warnings:
				status === 'Declined' ? [warning('KYB_REGISTRY', 'COMPANY_DISSOLVED', 'Declined')] : [],
		}),
		// Where Didit has them, no page says.
		...(has === 'basic' ? {} : { shareholders: HOLDERS }),
		status,
	};
}

function checkOf(tier: Tier, company: Company): Check<Company> {
	return {
		...TIERS[tier],
		key: 'kyb_registry',
		feature: 'KYB_REGISTRY',
		read: () => company,
		decide: () => profile(company, tier),
		approved: () => ({ ...profile(company, tier), status: 'Approved' }),
	};
}

function foundCompany({ application, service }: Call, fields: Fields): Company {
	const id = fields.text('kyb_response_id', { required: true }) ?? '';
	if (fields.boolean('save_api_request') === false) {
		fields.fail('save_api_request', ['A company that is looked up is always stored.']);
	}
	fields.done();
	const found = application.searches.get(id);
	const company = COMPANIES.find(
		({ registration_number }) => registration_number === found?.registrationNumber,
	);
	if (!found || !company || found.expiresAt <= service.state.now()) {
		throw detail(404, 'No company with this kyb_response_id, or it has expired: search again.');
	}
	return company;
}

function lookUp(tier: Tier) {
	return async (call: Call): Promise<JsonObject> => {
		requireCredits(call, TIERS[tier].price);
		const fields = await call.body();
		const company = foundCompany(call, fields);
		const { request_id, kyb_registry, ...envelope } = runCheck(
			checkOf(tier, company),
			call,
			fields,
		);
		const isSandbox = call.application.config.environment === 'sandbox';
		return {
			request_id,
			registry_tier_requested: tier,
			registry_tier_delivered: delivered(company, tier),
			kyb_registry: {
				...(kyb_registry as JsonObject),
				...(company.status === null && !isSandbox ? { status: null } : {}),
			},
			...envelope,
		};
	};
}

export function addCompanyRoutes(app: Hono, service: Service): void {
	route(app, '/v3/kyb/search/', { POST: endpoint(service, 'checks:write', search) });
	for (const tier of Object.keys(TIERS) as Tier[]) {
		route(app, TIERS[tier].path, { POST: endpoint(service, 'checks:write', lookUp(tier)) });
	}
}
