import { defineResource } from '../../operation/resource';
import { get } from './get';
import { getMany } from './getMany';

export const workflow = defineResource({ name: 'Workflow', value: 'workflow' }, [get, getMany]);
