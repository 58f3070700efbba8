import { defineResource } from '../../operation/define';
import { screen } from './screen';

export const aml = defineResource({ name: 'AML', value: 'aml' }, [screen]);
