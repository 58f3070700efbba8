import type { IDataObject } from 'n8n-workflow';

import type { Shape } from '../output';
import { own } from '../values';
import { stringOrNull } from './blocks';
import { FIELD_OPTIONS, selectFields } from './fields';
import { simplifyDecision } from './summary';

/** The keys that say which session it is and how it stands, and nothing about the person; `vendor_data` is the builder's own ID. */
const ID_KEYS = ['session_id', 'status', 'vendor_data', 'workflow_id'];

/** How a decision goes on, of any of Didit's API versions. */
export const decisionShape: Shape = {
	fields: FIELD_OPTIONS,
	simplified: simplifyDecision,
	idsAndStatus: (decision: IDataObject) =>
		Object.fromEntries(ID_KEYS.map((key) => [key, stringOrNull(own(decision, key))])),
	selected: (decision, { chosen, ageOver }) =>
		selectFields(decision, { chosen, ageOver, now: Date.now() }),
};
