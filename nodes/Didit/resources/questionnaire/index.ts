import { defineResource } from '../../operation/define';
import { get } from './get';
import { getMany } from './getMany';

export const questionnaire = defineResource({ name: 'Questionnaire', value: 'questionnaire' }, [
	get,
	getMany,
]);
