import { LIST, listPath } from '../../lists';
import { oneRequest } from '../../operation/define';
import { OWN_LISTS_ONLY } from './ownListsOnly';

export const deleteList = oneRequest({
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete list',
		description: 'Delete a list of your own with its entries, for good',
	},
	apiKeyOnly: true,
	fields: [LIST],
	request: (input) => ({
		method: 'DELETE',
		path: listPath(input),
		subject: 'list',
		advice: OWN_LISTS_ONLY,
	}),
	output: () => ({ deleted: true }),
});
