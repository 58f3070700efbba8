import type { IDataObject } from 'n8n-workflow';

import type { DeliveryFilters } from '../../../../contract/webhookDelivery';
import { manyRows } from '../../operation/define';
import * as entry from '../../operation/entries';
import type { Input } from '../../operation/input';
import { isDelivered, rowShape } from './delivery';
import { destinationPath, isOfSession, OWNER, sessionPath } from './fields';

type Filters = DeliveryFilters & { failed_only?: boolean };

const filters = entry.filters<Filters>({
	date_from: entry.day('Sent After', 'First day to include, in UTC'),
	date_to: entry.day('Sent Before', 'Last day to include, in UTC'),
	failed_only: entry.flag(
		'Failed Only',
		'Whether to leave out deliveries that were answered with success. One that failed may have succeeded with a later attempt.',
		true,
	),
});

const readFilters = (input: Input): Filters =>
	input.collection('filters', filters.table, {
		kind: 'filter',
		remedy: 'Give it a value, or remove the filter to see all deliveries.',
	});

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
	fields: [filters.field],
	query(input) {
		const { date_from, date_to } = readFilters(input);
		const ofDestination: DeliveryFilters = { date_from, date_to };
		return isOfSession(input) ? {} : ofDestination;
	},
	fits(input) {
		const given = readFilters(input);
		if (Object.keys(given).length === 0) return undefined;
		const { date_from = '', date_to = '9999-12-31', failed_only } = given;
		return (row: IDataObject) => {
			const day = String(row.created_at).slice(0, 10);
			return day >= date_from && day <= date_to && !(failed_only && isDelivered(row));
		};
	},
});
