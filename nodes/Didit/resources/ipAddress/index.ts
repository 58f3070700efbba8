import { defineResource } from '../../operation/resource';
import { assessRisk } from './assessRisk';

export const ipAddress = defineResource({ name: 'IP Address', value: 'ipAddress' }, [assessRisk]);
