import type { INodeProperties } from 'n8n-workflow';

import { openOnceParked } from '../../../shared/api';
import { readDecision } from '../../../shared/decision/read';
import { decisionShape } from '../../../shared/decision/shape';
import { tagExecution } from '../../../shared/executionTags';
import { shaped } from '../../../shared/output';
import { operation } from '../../operation/define';
import { optionsField } from '../../operation/fields';
import { readSessionId, SESSION_ID } from './fields';
import { hintAtOtherReturn, hintAtSandbox } from './notes';
import { isOver } from './reception';
import { WAIT_NOTICE } from './waitFields';
import {
	goingOn,
	NOT_FOR_TOOLS,
	park,
	readWait,
	refuseWhatCannotWait,
	resumeUrlOf,
} from './waiting';
import { waitOptions } from './waitOptions';

const NAME = 'Wait for Decision';

/** The node that sends the link stands in between, so that the ID is not in the input but further back. */
const OF_THE_CREATE: INodeProperties = {
	...SESSION_ID,
	hint: "Unfold the 'Create' node on the left, and drag its session_id here",
};

/**
 * Waits for a session that a Create before it has made with Return To: This Workflow. Didit is asked first, since a person can be faster than
 * the workflow, and once more when the execution is parked: whoever came back in between was refused by n8n, and would be waited for in vain.
 */
export const waitForDecision = operation({
	option: {
		name: NAME,
		value: 'waitForDecision',
		action: 'Wait for decision of session',
		description:
			"Wait for the person of a session whose 'Create' had 'Return To' on 'This Workflow', and continue with the decision",
	},
	itemsAtOnce: 1,
	idKey: 'session_id',
	hasResults: true,
	notForTools: NOT_FOR_TOOLS,
	fields: [OF_THE_CREATE, WAIT_NOTICE, ...goingOn, optionsField(waitOptions)],
	async run(input) {
		refuseWhatCannotWait(input, NAME);
		const { context, itemIndex } = input;
		const sessionId = readSessionId(input);
		const wait = readWait(input, 'options');
		const decision = await readDecision(context, sessionId, { itemIndex });
		tagExecution(context, { session_id: sessionId, status: decision.status });
		hintAtSandbox(context, decision);
		if (isOver(decision.status, wait.reception)) {
			return [input.item(shaped(decisionShape, decision, wait.reception.output))];
		}
		const session = { session_id: sessionId, url: decision.session_url };
		const resumeUrl = resumeUrlOf(context);
		hintAtOtherReturn(context, decision, resumeUrl);
		await park(context, session, wait);
		void openOnceParked(context, resumeUrl);
		return [input.item({ url: session.url, status: decision.status, session_id: sessionId })];
	},
});
