import { NodeApiError } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import { apiRequest } from '../../shared/api';
import { requireId } from '../operation/answer';
import { operation, type Operation } from '../operation/define';
import * as entry from '../operation/entries';
import { outputChoice, outputOf } from '../operation/output';
import { pathOf, vendorData, vendorDataField, type Kind } from './kind';

const ID_KEY = 'didit_internal_id';

const statusOf = (error: unknown) => (error instanceof NodeApiError ? error.httpCode : null);

/** Whether there is one with this vendor data already: 400 with these words, or a conflict (docs.didit.me, Users and Businesses). */
const isTaken = (error: unknown) =>
	statusOf(error) === '409' ||
	(statusOf(error) === '400' && /already exists/i.test((error as NodeApiError).description ?? ''));

/**
 * Updates, and creates what Didit does not know: an update that finds nobody has changed nothing. Two items with the same vendor data can
 * both find nobody; the one that comes second is refused then, and updates.
 */
export function createOrUpdate(kind: Kind): Operation {
	const { noun, path, shape } = kind;
	const additional = entry.additionalFields(kind.fields);
	return operation({
		option: {
			name: 'Create or Update',
			value: 'upsert',
			action: `Create or update ${noun}`,
			description: 'Create a new record, or update the current one if it already exists (upsert)',
		},
		apiKeyOnly: true,
		idKey: ID_KEY,
		fields: [vendorDataField(kind), additional.field, ...outputChoice(shape)],
		async run(input) {
			const { context, itemIndex } = input;
			const vendor_data = input.required('vendorData', vendorData);
			const fields: IDataObject = input.collection('additionalFields', additional.table);
			const output = outputOf(input, shape);
			const update = async () =>
				await apiRequest(context, {
					method: 'PATCH',
					path: pathOf(kind, vendor_data),
					body: fields,
					itemIndex,
				});
			const create = async () =>
				await apiRequest(context, {
					method: 'POST',
					path: `${path}create/`,
					body: { vendor_data, ...fields },
					itemIndex,
				});
			const record = await update().catch(async (unknown: unknown) => {
				if (statusOf(unknown) !== '404') throw unknown;
				return await create().catch(async (refusal: unknown) => {
					if (!isTaken(refusal)) throw refusal;
					return await update();
				});
			});
			requireId(input, record, ID_KEY, 'PATCH');
			return [input.item(output(record))];
		},
	});
}
