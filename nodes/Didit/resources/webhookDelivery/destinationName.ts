/** A destination by the name that the trigger gave it. It stays the same when a republished trigger gets another destination. */
import type { INodeProperties } from 'n8n-workflow';

import { allRows } from '../../../shared/api';
import type { Input } from '../../operation/input';
import { own } from '../../../shared/values';
import { DESTINATION, destinationPath } from './fields';

export const NAMED_DESTINATION: INodeProperties = {
	...DESTINATION,
	modes: [
		...(DESTINATION.modes ?? []),
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. n8n - My workflow',
			hint: 'Also finds the destination that a trigger gets when it is published again',
		},
	],
};

/**
 * Path of the destination that is chosen, or that has the name.
 *
 * @throws NodeOperationError when none or several have it
 */
export async function namedDestinationPath(input: Input): Promise<string> {
	const { context, itemIndex } = input;
	if (own(context.getNodeParameter('destinationId', itemIndex), 'mode') !== 'name')
		return destinationPath(input);
	const name = input.text('destinationId');
	const path = '/v3/webhook/destinations/';
	const all = await allRows(context, {
		of: 'webhook destinations',
		id: 'uuid',
		request: { path, itemIndex },
		fits: ({ label }) => label === name,
	});
	const [id, ...others] = all.flatMap((row) => (typeof row.uuid === 'string' ? [row.uuid] : []));
	if (id === undefined || others.length > 0) {
		return input.refuse(
			`${id === undefined ? 'No' : 'More than one'} webhook destination has this name`,
			id === undefined
				? 'Publish the workflow of the trigger. Its destination has the name that the workflow had when it was first published, behind "n8n - ".'
				: 'Choose the destination from the list instead, or rename one in Didit Console.',
		);
	}
	return `${path}${encodeURIComponent(id)}/`;
}
