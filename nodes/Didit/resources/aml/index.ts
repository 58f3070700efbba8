import { defineResource } from '../../operation/resource';
import { screen } from './screen';
import { setMonitoring } from './setMonitoring';

export const aml = defineResource({ name: 'AML', value: 'aml' }, [screen, setMonitoring]);
