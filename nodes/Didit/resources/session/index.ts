import { defineResource } from '../../operation/resource';
import { addNote } from './addNote';
import { create } from './create';
import { createAndWait } from './createAndWait';
import { deleteSession } from './delete';
import { getDecision } from './getDecision';
import { getMany } from './getMany';
import { getNotes } from './getNotes';
import { getReport } from './getReport';
import { importShared } from './importShared';
import { share } from './share';
import { updateAmlHit } from './updateAmlHit';
import { updateStatus } from './updateStatus';
import { waitForDecision } from './waitForDecision';

export const session = defineResource(
	{ name: 'Session', value: 'session' },
	[
		addNote,
		create,
		createAndWait,
		deleteSession,
		getDecision,
		getMany,
		getNotes,
		getReport,
		importShared,
		share,
		updateAmlHit,
		updateStatus,
		waitForDecision,
	],
	create,
);
