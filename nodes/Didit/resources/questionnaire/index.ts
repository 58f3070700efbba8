import { defineResource } from '../../operation/resource';
import { get } from './get';
import { getMany } from './getMany';

export const questionnaire = defineResource({ name: 'Questionnaire', value: 'questionnaire' }, [
	get,
	getMany,
]);
