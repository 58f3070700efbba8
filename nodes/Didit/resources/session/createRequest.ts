import type { CreateSession, CreateSessionV1, Metadata } from '../../../../contract/didit';
import type { DiditRequest } from '../../../shared/api';
import { text } from '../../operation/convert';
import { tableOf } from '../../operation/entries';
import { readImage } from '../../operation/image';
import type { Input } from '../../operation/input';
import { contactDetails, rarerFields } from './detailFields';
import { expectedDetails } from './expectedFields';

/** Largest portrait that Didit takes (docs.didit.me, Create Session). */
const MAX_PORTRAIT_MEGABYTES = 2;

/** What an operation sets beside the fields that all have. */
export interface SessionExtras {
	/** Where the person's browser goes afterwards. */
	callback?: string;
	/** Whom Didit mails the link to. */
	mailTo?: string;
	/** Added to the metadata; API v3 only. */
	metadata?: Metadata;
}

/** The request that creates a session from the node's fields (docs.didit.me, create-session of v1 and v3). */
export async function createRequest(input: Input, extras: SessionExtras): Promise<DiditRequest> {
	return input.isV1
		? { method: 'POST', path: '/v1/session/', body: bodyOfV1(input, extras) }
		: { method: 'POST', path: '/v3/session/', body: await bodyOfV3(input, extras) };
}

function bodyOfV1(input: Input, extras: SessionExtras) {
	return {
		vendor_data: input.text('vendorData'),
		callback: extras.callback ?? input.text('callback'),
		features: input.optional('features', text, {
			remedy: "Choose what is checked, or 'As Set in Didit Console'.",
		}),
	} satisfies CreateSessionV1;
}

async function bodyOfV3(input: Input, extras: SessionExtras) {
	const workflow = input.optional('workflowId', text)?.trim();
	if (workflow === undefined) {
		return input.refuse(
			'No Didit workflow is selected',
			"Pick one of the published workflows of your Didit application in the field 'Didit Workflow'.",
		);
	}
	const { metadata, metadataJson, portraitBinaryProperty, ...rarer } = readRarerFields(input);
	const allMetadata = [metadataJson, metadata, extras.metadata].filter((one) => one !== undefined);
	const contact = {
		...readContactDetails(input),
		...(extras.mailTo === undefined
			? {}
			: { email: extras.mailTo, send_notification_emails: true }),
	};
	const expected = { ...readExpectedDetails(input) };
	return {
		workflow_id: workflow,
		vendor_data: input.optional('vendorData', text, {
			// Without it, Didit could not tell that it knows the person.
			remedy: "Give it your own ID of the person, or clear the field if you don't have one.",
		}),
		callback: extras.callback,
		...rarer,
		...(allMetadata.length > 0 ? { metadata: Object.assign({}, ...allMetadata) as Metadata } : {}),
		...(Object.keys(contact).length > 0 ? { contact_details: contact } : {}),
		...(Object.keys(expected).length > 0 ? { expected_details: expected } : {}),
		...(portraitBinaryProperty !== undefined
			? {
					portrait_image: await readImage(
						input,
						portraitBinaryProperty,
						'portrait image',
						MAX_PORTRAIT_MEGABYTES,
					),
				}
			: {}),
	} satisfies CreateSession;
}

const readContactDetails = (input: Input) =>
	input.collection('additionalFields', tableOf(contactDetails));

const readExpectedDetails = (input: Input) =>
	input.collection('additionalFields', tableOf(expectedDetails), {
		// Left out, Didit would compare nothing, and a person could turn the check off by leaving a form's field empty.
		remedy:
			"Without it Didit would not compare it with the document. Give it a value; for people of whom it is not known, use a 'Create' without this field.",
	});

const readRarerFields = (input: Input) =>
	input.collection('additionalFields', tableOf(rarerFields));
