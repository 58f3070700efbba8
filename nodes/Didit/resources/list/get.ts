import { LIST, listPath } from '../../lists';
import { oneRequest } from '../../operation/define';

/** Reads one list; the answer is what a row of Get Many is (docs.didit.me, Lists). */
export const get = oneRequest({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get list',
		description: 'Read the type, the name and the number of entries of a list',
	},
	apiKeyOnly: true,
	forTools: true,
	idKey: 'uuid',
	fields: [LIST],
	request: (input) => ({
		method: 'GET',
		path: listPath(input),
		subject: 'list',
	}),
});
