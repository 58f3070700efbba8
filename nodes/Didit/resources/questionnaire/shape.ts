import { flatShape } from '../../../shared/output';

/** A questionnaire has sixteen keys, of which `graph` and `sections` hold its questions (payload `questionnaire-create-response.json`). */
export const questionnaireShape = flatShape({
	ids: ['status', 'questionnaire_id', 'questionnaire_group_id', 'version'],
	simplified: [
		'status',
		'questionnaire_id',
		'questionnaire_group_id',
		'title',
		'description',
		'languages',
		'default_language',
		'version',
		'is_active',
		'published_at',
	],
	more: ['graph', 'sections', 'form_elements', 'is_simple_questionnaire', 'is_editable'],
});
