import { defineResource } from '../../operation/define';
import { get } from './get';
import { getMany } from './getMany';

export const workflow = defineResource({ name: 'Workflow', value: 'workflow' }, [get, getMany]);
