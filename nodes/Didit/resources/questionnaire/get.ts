import { uuid } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import { QUESTIONNAIRE } from '../../operation/locators';
import { questionnaireShape } from './shape';

/** Reads a questionnaire with its questions; its ID is that of one version (docs.didit.me, Questionnaires). */
export const get = oneRequest({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get questionnaire',
		description: 'Read a questionnaire with its questions',
	},
	apiKeyOnly: true,
	forTools: true,
	idKey: 'questionnaire_id',
	fields: [QUESTIONNAIRE],
	shape: questionnaireShape,
	request: (input) => ({
		method: 'GET',
		path: `/v3/questionnaires/${input.required('questionnaireId', uuid)}/`,
		subject: 'questionnaire',
	}),
});
