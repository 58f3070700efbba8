/** One sample for each operation of the action node, and one more where Didit's API v1 has it: what contract.test.ts makes its cases from. */
import { ACCOUNT_SAMPLES } from './account';
import { AML_SAMPLES } from './aml';
import { ENTITY_SAMPLES } from './entity';
import { LIST_ENTRY_SAMPLES, LIST_SAMPLES } from './list';
import type { Sample } from './sample';
import { SESSION_SAMPLES } from './session';
import { SESSION_MORE_SAMPLES } from './sessionMore';
import { CHECK_SAMPLES } from './checks';
import { COMPANY_SAMPLES } from './company';
import { DOCUMENT_SAMPLES } from './document';
import { FACE_SAMPLES } from './face';
import { TRANSACTION_SAMPLES } from './transaction';
import { WEBHOOK_DELIVERY_SAMPLES } from './webhookDelivery';

export * from './sample';

export const SAMPLES: Sample[] = [
	...AML_SAMPLES,
	...ENTITY_SAMPLES,
	...LIST_SAMPLES,
	...LIST_ENTRY_SAMPLES,
	...SESSION_SAMPLES,
	...SESSION_MORE_SAMPLES,
	...ACCOUNT_SAMPLES,
	...CHECK_SAMPLES,
	...COMPANY_SAMPLES,
	...DOCUMENT_SAMPLES,
	...FACE_SAMPLES,
	...TRANSACTION_SAMPLES,
	...WEBHOOK_DELIVERY_SAMPLES,
];
