import { manyRows } from '../../operation/define';
import { workflowShape } from './shape';

/** Lists the workflows of the application, drafts and archived ones too (docs.didit.me, List Workflows). */
export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many workflows',
		description: 'List the workflows of the application, drafts and archived ones too',
	},
	apiKeyOnly: true,
	path: '/v3/workflows/',
	of: 'workflows',
	// `workflow_id` is shared by the versions of a workflow.
	idKey: 'uuid',
	shape: workflowShape,
	fields: [],
	query: () => ({}),
});
