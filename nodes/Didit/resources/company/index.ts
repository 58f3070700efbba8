import { defineResource } from '../../operation/define';
import { get } from './get';
import { search } from './search';

export const company = defineResource({ name: 'Company', value: 'company' }, [get, search]);
