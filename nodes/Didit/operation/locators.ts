/** Fields that name what several resources need, or what has nothing but an ID. */
import type { INodeProperties } from 'n8n-workflow';

import { UUID } from '../../shared/identifiers';
import { byUuid, locator } from './locator';

const EXAMPLE = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';

const workflow = locator(
	{ displayName: 'Didit Workflow', name: 'workflowId' },
	{ searchListMethod: 'searchWorkflows', searchable: true },
	byUuid(EXAMPLE, 'A workflow'),
);

/** A published workflow. */
export const WORKFLOW: INodeProperties = {
	...workflow,
	modes: [
		...(workflow.modes ?? []),
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://business.didit.me/.../workflows/9f9b1234-...',
			hint: 'The address of the workflow in Didit Console',
			extractValue: { type: 'regex', regex: `^https?://[^?#]*workflows?/(${UUID})` },
			validation: [
				{
					type: 'regex',
					properties: {
						regex: `^https?://[^?#]*workflows?/${UUID}.*$`,
						errorMessage:
							'This address holds no workflow ID. Copy it from the open workflow in Didit Console.',
					},
				},
			],
		},
	],
};

/** A questionnaire; at what address Didit Console shows it, no page says. */
export const QUESTIONNAIRE = locator(
	{ displayName: 'Questionnaire', name: 'questionnaireId' },
	{ searchListMethod: 'searchQuestionnaires', searchable: true },
	byUuid(EXAMPLE, 'A questionnaire'),
);
