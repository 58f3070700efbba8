import type { IdVerification } from '../../../../contract/document';
import { check } from '../../operation/check';
import * as entry from '../../operation/entries';
import { DOCUMENT_FILE, fileField, fileForm, readFile } from '../../operation/file';
import { NO_FILES } from '../../operation/tools';

type Additional = IdVerification & { back_image: string };

/**
 * Reads and verifies an identity document from a photo or scan (docs.didit.me, ID Verification). Didit takes a least age too and does not
 * apply it, so that it is not offered.
 */
export const verifyId = check<Additional>({
	option: {
		name: 'Verify ID',
		value: 'verifyId',
		action: 'Verify ID document',
		description: "Read an identity card, passport or driver's license and check that it is genuine",
	},
	notForTools: NO_FILES,
	path: '/v3/id-verification/',
	fields: [{ ...fileField('Front Image', DOCUMENT_FILE)[0], name: 'frontImage', required: true }],
	additional: {
		back_image: fileField('Back Image', DOCUMENT_FILE, 'back'),
		back_image_password: entry.secret('Password of Back Image'),
		expiration_date_not_detected_action: entry.policy('If No Expiration Date', 'DECLINE'),
		front_image_password: entry.secret('Password of Front Image'),
		inconsistent_data_action: entry.policy('If Inconsistent Data', 'DECLINE'),
		invalid_mrz_action: entry.policy('If Invalid MRZ', 'DECLINE'),
		perform_document_liveness: entry.flag(
			'Check for Copies',
			'Whether to look for screens, prints and changed portraits, as without this field',
			true,
		),
		preferred_characters: entry.choice('Preferred Characters', ['latin', 'non_latin'], 'latin'),
	},
	async request(input, { back_image, ...fields }) {
		const front = await readFile(input, input.text('frontImage'), 'front_image', DOCUMENT_FILE);
		if (back_image === undefined) return fileForm(fields, front);
		return fileForm(fields, front, await readFile(input, back_image, 'back_image', DOCUMENT_FILE));
	},
	result: {
		key: 'id_verification',
		simplified: [
			'full_name',
			'date_of_birth',
			'document_type',
			'document_number',
			'expiration_date',
			'issuing_state',
		],
		more: [
			'address',
			'age',
			'date_of_issue',
			'document_subtype',
			'extra_fields',
			'first_name',
			'formatted_address',
			'gender',
			'last_name',
			'marital_status',
			'matches',
			'mrz',
			'nationality',
			'parsed_address',
			'personal_number',
			'place_of_birth',
			'portrait_image',
			'warnings',
		],
	},
});
