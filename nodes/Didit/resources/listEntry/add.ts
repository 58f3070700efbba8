import { LIST, listPath } from '../../lists';
import { oneRequest } from '../../operation/define';
import { ENTRY_FIELDS, entryShape, readEntry } from './entry';

export const add = oneRequest({
	option: {
		name: 'Add',
		value: 'add',
		action: 'Add entry to list',
		description: 'Put a value, the data of a session, or the image of a face on any list',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	fields: [LIST, ...ENTRY_FIELDS],
	shape: entryShape,
	async request(input) {
		const { path, ...request } = await readEntry(input);
		return { ...request, path: `${listPath(input)}${path}`, subject: 'list' };
	},
});
