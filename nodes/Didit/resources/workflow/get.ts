import { uuid } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import { WORKFLOW } from '../../operation/locators';
import { workflowShape } from './shape';

/** Reads a workflow by its stable ID (docs.didit.me, Workflows). */
export const get = oneRequest({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get workflow',
		description: 'Read the features and settings of a workflow',
	},
	apiKeyOnly: true,
	forTools: true,
	idKey: 'workflow_id',
	fields: [WORKFLOW],
	shape: workflowShape,
	request: (input) => ({
		method: 'GET',
		path: `/v3/workflows/${input.required('workflowId', uuid)}/`,
		subject: 'workflow',
	}),
});
