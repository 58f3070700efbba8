import type { INodeProperties } from 'n8n-workflow';

import type { GetCompany } from '../../../../contract/company';
import { NEVER_EMPTY, PAID, withVerdict } from '../../operation/check';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';
import { companyShape, REGISTRY_TIMEOUT } from './shape';

/** Where each tier is had, by Didit's word for it. */
const PATHS = { basic: 'select', shareholders: 'shareholders', ubo: 'ubo' };
const TIERS = ['basic', 'shareholders', 'ubo'] as const;

const TIER: INodeProperties = {
	displayName: 'Registry Tier',
	name: 'registryTier',
	type: 'options',
	default: 'basic',
	description: 'Each costs more than the one before. Didit says which one the registry had.',
	options: [
		{ name: 'Owners', value: 'ubo', description: 'Who owns it in the end, and all the others' },
		{ name: 'Profile', value: 'basic', description: 'Name, number, status, address, officers' },
		{
			name: 'Shareholders',
			value: 'shareholders',
			description: 'The profile and its shareholders',
		},
	],
};

const additional = entry.additionalFields<Pick<GetCompany, 'metadata' | 'vendor_data'>>({
	metadata: entry.json('Metadata', 'Your own data, which Didit gives back with the result'),
	vendor_data: entry.text('Vendor Data', 'e.g. company-1'),
});

/** Looks a company up that Search has found (docs.didit.me, Company Search). */
export const get = oneRequest({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get company from registry',
		description: "Read the profile, shareholders or owners of a company that 'Search' has found",
	},
	apiKeyOnly: true,
	idKey: 'request_id',
	hasResults: true,
	fields: [
		{
			...entry.text('KYB Response ID')[0],
			name: 'kybResponseId',
			required: true,
			hint: "Drag kyb_response_id from 'Search' here. It is good for a short time only.",
		},
		TIER,
		additional.field,
	],
	shape: companyShape,
	request: (input) => ({
		...PAID,
		path: `/v3/kyb/${PATHS[input.oneOf('registryTier', TIERS)]}/`,
		subject: 'company',
		advice: {
			...PAID.advice,
			404: 'Its ID may be too old: search for the company again, and take the new one.',
		},
		timeout: REGISTRY_TIMEOUT,
		body: {
			kyb_response_id: input.text('kybResponseId').trim(),
			...input.collection('additionalFields', additional.table, NEVER_EMPTY),
		} satisfies GetCompany,
	}),
	output: (answer) => withVerdict(answer, [answer.kyb_registry]),
});
