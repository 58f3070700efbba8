import { defineResource } from '../../operation/resource';
import { get } from './get';
import { search } from './search';

export const company = defineResource({ name: 'Company', value: 'company' }, [get, search]);
