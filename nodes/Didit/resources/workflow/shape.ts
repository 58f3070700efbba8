import { flatShape } from '../../../shared/output';

/** A workflow has nineteen keys, one of them the name and address of who made it (payload `v3-workflows-list.json`). */
export const workflowShape = flatShape({
	ids: ['status', 'workflow_id', 'workflow_label', 'version'],
	simplified: [
		'status',
		'workflow_id',
		'workflow_label',
		'workflow_type',
		'features',
		'is_default',
		'is_archived',
		'version',
		'workflow_url',
		'updated_at',
	],
	more: [
		'uuid',
		'has_draft',
		'is_simple_workflow',
		'is_editable',
		'is_white_label_enabled',
		'max_retry_attempts',
		'retry_window_days',
		'session_expiration_time',
		'total_price',
		'min_price',
		'max_price',
	],
});
