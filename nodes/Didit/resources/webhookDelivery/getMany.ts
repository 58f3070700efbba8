import type { IDataObject } from 'n8n-workflow';

import type { DeliveryFilters } from '../../../../contract/webhookDelivery';
import { flag } from '../../operation/convert';
import { date } from '../../operation/day';
import { manyRows } from '../../operation/define';
import type { Input } from '../../operation/input';
import { isDelivered, rowShape } from './delivery';
import { destinationPath, isOfSession, OWNER, sessionPath } from './fields';

type Filters = DeliveryFilters & { failed_only?: boolean };

const readFilters = (input: Input): Filters =>
	input.collection<Filters>(
		'filters',
		{ date_from: date, date_to: date, failed_only: flag },
		{ kind: 'filter', remedy: 'Give it a value, or remove the filter to see all deliveries.' },
	);

/** Lists deliveries, newest first. Didit can't leave out those that succeeded, nor narrow a session's by date: the node does. */
export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many webhook deliveries',
		description: 'List what was sent to a destination or about a session, newest first',
	},
	apiKeyOnly: true,
	path: (input) =>
		isOfSession(input) ? `${sessionPath(input)}webhooks/` : `${destinationPath(input)}deliveries/`,
	of: 'webhook deliveries',
	idKey: 'uuid',
	subject: 'destination or session',
	shape: rowShape,
	owner: OWNER,
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Failed Only',
					name: 'failed_only',
					type: 'boolean',
					default: true,
					description:
						'Whether to leave out deliveries that were answered with success. One that failed may have succeeded with a later attempt.',
				},
				{
					displayName: 'Sent After',
					name: 'date_from',
					type: 'dateTime',
					default: '',
					description: 'First day to include, in UTC; the time of day is not used',
				},
				{
					displayName: 'Sent Before',
					name: 'date_to',
					type: 'dateTime',
					default: '',
					description: 'Last day to include, in UTC; the time of day is not used',
				},
			],
		},
	],
	query(input) {
		const { date_from, date_to } = readFilters(input);
		const ofDestination: DeliveryFilters = { date_from, date_to };
		return isOfSession(input) ? {} : ofDestination;
	},
	fits(input) {
		const filters = readFilters(input);
		if (Object.keys(filters).length === 0) return undefined;
		const { date_from = '', date_to = '9999-12-31', failed_only } = filters;
		return (row: IDataObject) => {
			const day = String(row.created_at).slice(0, 10);
			return day >= date_from && day <= date_to && !(failed_only && isDelivered(row));
		};
	},
});
