import { defineResource } from '../../operation/define';
import { create } from './create';
import { createAndWait } from './createAndWait';
import { deleteSession } from './delete';
import { getDecision } from './getDecision';
import { getMany } from './getMany';
import { getReport } from './getReport';
import { updateStatus } from './updateStatus';

export const session = defineResource({ name: 'Session', value: 'session' }, [
	create,
	createAndWait,
	deleteSession,
	getDecision,
	getMany,
	getReport,
	updateStatus,
]);
