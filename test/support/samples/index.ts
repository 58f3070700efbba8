/** One sample for each operation of the action node, and one more where Didit's API v1 has it: what contract.test.ts makes its cases from. */
import { ACCOUNT_SAMPLES } from './account';
import { AML_SAMPLES } from './aml';
import { CHECK_SAMPLES } from './checks';
import { COMPANY_SAMPLES } from './company';
import { DOCUMENT_SAMPLES } from './document';
import { FACE_SAMPLES } from './face';
import type { Sample } from './sample';
import { SESSION_SAMPLES } from './session';
import { TRANSACTION_SAMPLES } from './transaction';

export * from './sample';

export const SAMPLES: Sample[] = [
	...ACCOUNT_SAMPLES,
	...AML_SAMPLES,
	...CHECK_SAMPLES,
	...COMPANY_SAMPLES,
	...DOCUMENT_SAMPLES,
	...FACE_SAMPLES,
	...SESSION_SAMPLES,
	...TRANSACTION_SAMPLES,
];
