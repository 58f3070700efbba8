import type { BusinessFields } from '../../../../contract/entity';
import { flatShape } from '../../../shared/output';
import { entityResource } from '../../entity';
import { ENTITY_IDS, entityField, SESSION_COUNTS } from '../../entity/kind';
import * as entry from '../../operation/entries';

const fields: entry.Entries<BusinessFields> = {
	country_code: entry.country('Country'),
	display_name: entry.text('Display Name', 'e.g. Sample'),
	legal_name: entry.text('Legal Name', 'e.g. Sample Ltd'),
	metadata: entry.json('Metadata', 'A JSON object; it takes the place of the one before'),
	region: entry.text('Region', 'e.g. US-DE'),
	registration_number: entry.text('Registration Number', 'e.g. 00000001'),
};

export const business = entityResource(
	{ name: 'Business', value: 'business' },
	{
		noun: 'business',
		plural: 'businesses',
		path: '/v3/businesses/',
		field: entityField(
			{
				displayName: 'Business',
				name: 'businessId',
				description: 'The company, by the vendor data of the sessions',
			},
			'searchBusinesses',
			'company-1',
		),
		fields,
		shape: flatShape({
			ids: ENTITY_IDS,
			simplified: [
				...ENTITY_IDS,
				'legal_name',
				'registration_number',
				'country_code',
				...SESSION_COUNTS,
			],
			more: [
				'display_name',
				'effective_name',
				'region',
				'features',
				'tags',
				'comments',
				'metadata',
				'first_session_at',
				'last_session_at',
				'last_activity_at',
				'created_at',
				'updated_at',
			],
		}),
	},
);
