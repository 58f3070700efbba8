import type { INodePropertyOptions } from 'n8n-workflow';

import { manyRows, oneRequest } from '../operation/define';
import { defineResource, type Resource } from '../operation/resource';
import * as entry from '../operation/entries';
import { create } from './create';
import { createOrUpdate } from './createOrUpdate';
import { deleteEntity } from './delete';
import { ownPath, type Kind } from './kind';
import { updateStatus } from './updateStatus';

/** The resource User or Business. */
export const entityResource = (option: INodePropertyOptions, kind: Kind): Resource =>
	defineResource(option, [
		create(kind),
		createOrUpdate(kind),
		deleteEntity(kind),
		get(kind),
		getMany(kind),
		update(kind),
		updateStatus(kind),
	]);

const get = (kind: Kind) =>
	oneRequest({
		option: {
			name: 'Get',
			value: 'get',
			action: `Get ${kind.noun}`,
			description: `Read the status of a ${kind.noun}, and how its sessions ended`,
		},
		apiKeyOnly: true,
		forTools: true,
		idKey: 'didit_internal_id',
		fields: [kind.field],
		shape: kind.shape,
		request: (input) => ({ method: 'GET', path: ownPath(kind, input), subject: kind.noun }),
	});

const getMany = ({ noun, plural, path, shape }: Kind) =>
	manyRows({
		option: {
			name: 'Get Many',
			value: 'getMany',
			action: `Get many ${plural}`,
			description: `List ${plural}, the ${noun} with the latest session first`,
		},
		apiKeyOnly: true,
		path,
		of: plural,
		idKey: 'didit_internal_id',
		shape,
		fields: [],
	});

/** Didit leaves the blocklist as it is when an update sets the status, so that only Update Status does. */
const update = (kind: Kind) => {
	const changes = entry.updateFields(kind.fields);
	return oneRequest({
		option: {
			name: 'Update',
			value: 'update',
			action: `Update ${kind.noun}`,
			description: `Change the data of a ${kind.noun}`,
		},
		apiKeyOnly: true,
		idKey: 'didit_internal_id',
		fields: [kind.field, changes.field],
		shape: kind.shape,
		request: (input) => ({
			method: 'PATCH',
			path: ownPath(kind, input),
			body: input.changes(changes.table),
			subject: kind.noun,
		}),
	});
};
