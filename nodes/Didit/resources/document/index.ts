import { defineResource } from '../../operation/resource';
import { extractData } from './extractData';
import { verifyAddress } from './verifyAddress';
import { verifyId } from './verifyId';

export const document = defineResource({ name: 'Document', value: 'document' }, [
	extractData,
	verifyId,
	verifyAddress,
]);
