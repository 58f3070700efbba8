import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

/** Any JSON object, as JSON.parse gives it: with odd keys such as `__proto__`. */
export const anyEvent = fc
	.dictionary(
		fc.oneof(
			fc.string(),
			fc.constantFrom(
				'event_id',
				'session_id',
				'webhook_type',
				'status',
				'timestamp',
				'decision',
				'metadata',
				'__proto__',
				'summary',
			),
		),
		fc.jsonValue(),
	)
	.map((fields) => JSON.parse(JSON.stringify(fields)) as IDataObject);
