import { defineResource } from '../../operation/define';
import { assessRisk } from './assessRisk';

export const ipAddress = defineResource({ name: 'IP Address', value: 'ipAddress' }, [assessRisk]);
