import type { UserFields } from '../../../../contract/entity';
import { flatShape } from '../../../shared/output';
import { entityResource } from '../../entity';
import { ENTITY_IDS, entityField, listIn, SESSION_COUNTS } from '../../entity/kind';
import * as entry from '../../operation/entries';

const fields: entry.Entries<UserFields> = {
	approved_emails: entry.list('Approved Emails', 'e.g. zoe@example.com'),
	approved_phones: entry.list('Approved Phones', 'e.g. +34600000001'),
	date_of_birth: entry.day('Date of Birth'),
	display_name: entry.text('Display Name', 'e.g. Zoe'),
	full_name: entry.text('Full Name', 'e.g. Zoe Sample'),
	issuing_states: entry.countries('Issuing States'),
	metadata: entry.json('Metadata', 'A JSON object; it takes the place of the one before'),
};

export const user = entityResource(
	{ name: 'User', value: 'user' },
	{
		noun: 'user',
		plural: 'users',
		path: '/v3/users/',
		field: entityField(
			{
				displayName: 'User',
				name: 'userId',
				description: 'The person, by the vendor data of the sessions',
			},
			'searchUsers',
			'user-123',
		),
		fields,
		shape: flatShape({
			ids: ENTITY_IDS,
			simplified: [
				...ENTITY_IDS,
				'full_name',
				'date_of_birth',
				...SESSION_COUNTS,
				'last_session_at',
			],
			more: [
				'display_name',
				'effective_name',
				'approved_emails',
				'approved_phones',
				'issuing_states',
				'features',
				'tags',
				'comments',
				'metadata',
				'portrait_image_url',
				'first_session_at',
				'last_activity_at',
				'created_at',
				'updated_at',
			],
			readers: {
				approved_emails: listIn('approved_emails'),
				approved_phones: listIn('approved_phones'),
				issuing_states: listIn('issuing_states'),
			},
		}),
	},
);
