import type { UpdateList } from '../../../../contract/list';
import { LIST, listPath } from '../../lists';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';
import { OWN_LISTS_ONLY } from './ownListsOnly';

const changes = entry.updateFields<UpdateList>({
	description: entry.text('Description'),
	name: entry.text('Name', 'e.g. Trusted offices'),
});

export const update = oneRequest({
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update list',
		description: 'Change the name or the description of a list of your own',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	fields: [LIST, changes.field],
	request: (input) => ({
		method: 'PATCH',
		path: listPath(input),
		body: { ...input.changes(changes.table) } satisfies UpdateList,
		subject: 'list',
		advice: OWN_LISTS_ONLY,
	}),
});
