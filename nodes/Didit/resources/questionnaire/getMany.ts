import { manyRows } from '../../operation/define';
import { questionnaireShape } from './shape';

/** Lists the questionnaires of the application (docs.didit.me, Questionnaires). */
export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many questionnaires',
		description: 'List the questionnaires of the application',
	},
	apiKeyOnly: true,
	path: '/v3/questionnaires/',
	of: 'questionnaires',
	idKey: 'questionnaire_id',
	shape: questionnaireShape,
	fields: [],
	query: () => ({}),
});
