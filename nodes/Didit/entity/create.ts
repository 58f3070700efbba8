import type { CreateEntity } from '../../../contract/entity';
import { oneRequest, type Operation } from '../operation/define';
import * as entry from '../operation/entries';
import { givenStatus, STATUS_OPTIONS, vendorData, vendorDataField, type Kind } from './kind';

export function create(kind: Kind): Operation {
	const { noun, path, shape } = kind;
	const additional = entry.additionalFields({
		...kind.fields,
		status: [
			{ displayName: 'Status', type: 'options', default: 'ACTIVE', options: STATUS_OPTIONS },
			givenStatus,
		],
	});
	return oneRequest({
		option: {
			name: 'Create',
			value: 'create',
			action: `Create ${noun}`,
			description: `Add a ${noun} before the first session; Didit adds one with each new vendor data by itself`,
		},
		apiKeyOnly: true,
		idKey: 'didit_internal_id',
		fields: [vendorDataField(kind), additional.field],
		shape,
		request: (input) => ({
			method: 'POST',
			path: `${path}create/`,
			body: {
				vendor_data: input.required('vendorData', vendorData),
				...input.collection('additionalFields', additional.table),
			} satisfies CreateEntity,
		}),
	});
}
