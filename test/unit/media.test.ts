import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { fileNameOf, listMedia } from '../../nodes/shared/decision/media';

const payload = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '../fixtures/payloads', `${name}.json`), 'utf8'),
	) as IDataObject;

const image = (name: string) => `https://media.example.test/${name}.jpg`;

const table = (decision: IDataObject) =>
	listMedia(decision).map(({ kind, path, propertyName }) => [propertyName, kind, path]);

describe('listMedia', () => {
	it('lists every file of a v1 decision', () => {
		expect(table(payload('v1-decision'))).toEqual([
			['portrait_image', 'portraits', 'kyc.portrait_image'],
			['front_image', 'documentImages', 'kyc.front_image'],
			['front_video', 'documentVideos', 'kyc.front_video'],
			['full_front_image', 'documentImages', 'kyc.full_front_image'],
			['source_image', 'faceMedia', 'face.source_image'],
			['target_image', 'faceMedia', 'face.target_image'],
			['video', 'faceMedia', 'face.video_url'],
		]);
	});

	it('lists every file of a v3 decision, and no address that is not a file', () => {
		expect(table(payload('v3-decision'))).toEqual([
			['portrait_image', 'portraits', 'id_verifications[0].portrait_image'],
			['front_image', 'documentImages', 'id_verifications[0].front_image'],
			['front_video', 'documentVideos', 'id_verifications[0].front_video'],
			['back_image', 'documentImages', 'id_verifications[0].back_image'],
			['back_video', 'documentVideos', 'id_verifications[0].back_video'],
			['full_front_image', 'documentImages', 'id_verifications[0].full_front_image'],
			['full_back_image', 'documentImages', 'id_verifications[0].full_back_image'],
			['portrait_image_2', 'portraits', 'nfc_verifications[0].portrait_image'],
			['signature_image', 'documentImages', 'nfc_verifications[0].signature_image'],
			['reference_image', 'faceMedia', 'liveness_checks[0].reference_image'],
			['source_image', 'faceMedia', 'face_matches[0].source_image'],
			['target_image', 'faceMedia', 'face_matches[0].target_image'],
			['document_file', 'proofOfAddress', 'poa_verifications[0].document_file'],
			['file', 'uploadedFiles', 'questionnaire_responses[0].sections[0].items[1].answer.files[0]'],
		]);
	});

	it('keeps the presigned address as it is', () => {
		const [portrait] = listMedia(payload('v3-decision'));
		expect(portrait.url).toBe(
			'https://media.example.test/portrait.jpg?X-Amz-Expires=3600&X-Amz-Signature=inventedsignature',
		);
	});

	it('lists a v2 decision', () => {
		expect(
			table({
				id_verification: { front_image: image('front'), extra_files: [image('a'), image('b')] },
				liveness: { video_url: 'https://media.example.test/video.mp4' },
				poa: { document_file: image('poa'), extra_files: [image('c')] },
			}),
		).toEqual([
			['front_image', 'documentImages', 'id_verification.front_image'],
			['extra_file', 'documentImages', 'id_verification.extra_files[0]'],
			['extra_file_2', 'documentImages', 'id_verification.extra_files[1]'],
			['video', 'faceMedia', 'liveness.video_url'],
			['document_file', 'proofOfAddress', 'poa.document_file'],
			['extra_file_3', 'proofOfAddress', 'poa.extra_files[0]'],
		]);
	});

	it('lists the documents of a company, and files of blocks that Didit adds later', () => {
		expect(
			table({
				document_verifications: [
					{ items: [{ file_url: image('certificate') }, { file_url: image('deed') }] },
				],
				palm_checks: [{ reference_image: image('palm') }],
				extra_images: [image('extra'), { file_url: image('extra') }],
			}),
		).toEqual([
			['file', 'uploadedFiles', 'document_verifications[0].items[0].file_url'],
			['file_2', 'uploadedFiles', 'document_verifications[0].items[1].file_url'],
			['reference_image', 'faceMedia', 'palm_checks[0].reference_image'],
			['extra_image', 'documentImages', 'extra_images[0]'],
			['extra_image_2', 'documentImages', 'extra_images[1].file_url'],
		]);
	});

	it("keeps other people's images apart from the person's own", () => {
		expect(
			table({
				id_verifications: [
					{
						front_image: image('own'),
						matches: [{ match_image_url: image('m'), front_image_url: image('f') }],
					},
				],
			}),
		).toEqual([
			['front_image', 'documentImages', 'id_verifications[0].front_image'],
			['match_image', 'other', 'id_verifications[0].matches[0].match_image_url'],
			['front_image_2', 'other', 'id_verifications[0].matches[0].front_image_url'],
		]);
	});

	it.each<[string, IDataObject]>([
		['callback', { callback: image('x') }],
		['session URL', { session_url: image('x') }],
		['vendor data', { vendor_data: image('x') }],
		['metadata', { metadata: { front_image: image('x'), deep: [{ document_file: image('x') }] } }],
		['expected details', { expected_details: { portrait_image: image('x') } }],
		['contact details', { contact_details: { portrait_image: image('x') } }],
		['AML hits', { aml_screenings: [{ hits: [{ url: image('x'), front_image: image('x') }] }] }],
		['v1 AML hits', { aml: { hits: [{ properties: { file_url: image('x') } }] } }],
		['warning details', { warnings: [{ additional_data: { front_image: image('x') } }] }],
		[
			'typed answers',
			{
				questionnaire_responses: [
					{ sections: [{ items: [{ answer: { value: image('x'), front_image: image('x') } }] }] },
				],
			},
		],
		['reviews', { reviews: [{ comment: image('x'), file_url: image('x') }] }],
	])('takes no address from %s', (_, decision) => {
		expect(listMedia(decision)).toEqual([]);
	});

	it.each([
		'ftp://media.example.test/a.jpg',
		'file:///etc/passwd',
		'data:image/png;base64,AAAA',
		'//media.example.test/a.jpg',
		' https://media.example.test/a.jpg',
		'javascript:alert(1)',
		'http:/media.example.test',
		'',
		null,
		7,
		true,
		{ url: 'https://media.example.test/a.jpg' },
	])('does not take %p for a file', (front_image) => {
		expect(listMedia({ kyc: { front_image } } as IDataObject)).toEqual([]);
	});

	it.each([null, undefined, [], 'text', 5])('finds nothing in %p', (decision) => {
		expect(listMedia(decision as unknown as IDataObject)).toEqual([]);
	});

	it('survives a decision nested 100,000 deep', () => {
		let nested: IDataObject = { front_image: image('deep') };
		for (let depth = 0; depth < 100_000; depth++) nested = { block: nested };
		expect(listMedia({ kyc: { front_image: image('front') }, nested })).toHaveLength(1);
	});

	it('reads own properties only', () => {
		const inherited = Object.create({ front_image: image('x') }) as IDataObject;
		const answer = Object.create({ files: [image('x')] }) as IDataObject;
		expect(listMedia({ kyc: inherited, questionnaire_responses: [{ answer }] })).toEqual([]);
	});
});

describe('fileNameOf', () => {
	const media = (url: string) => ({
		kind: 'other' as const,
		path: 'x',
		propertyName: 'front_image',
		url,
	});

	it.each([
		['image/jpeg', 'https://m.example.test/a', 'front_image.jpg'],
		['IMAGE/PNG; charset=binary', 'https://m.example.test/a.jpg', 'front_image.png'],
		['application/pdf', 'https://m.example.test/a', 'front_image.pdf'],
		['video/mp4', 'https://m.example.test/a', 'front_image.mp4'],
		[
			'application/octet-stream',
			'https://m.example.test/a.JPG?X-Amz-Expires=3600',
			'front_image.jpg',
		],
		[undefined, 'https://m.example.test/a.tiff#x', 'front_image.tiff'],
		['application/octet-stream', 'https://m.example.test/a.exe', 'front_image.bin'],
		['application/octet-stream', 'https://m.example.test/a?name=.jpg', 'front_image.bin'],
		['', 'https://m.example.test/..%2f..%2fetc/passwd', 'front_image.bin'],
	])('%p at %p is saved as %p', (contentType, url, expected) => {
		expect(fileNameOf(media(url), contentType)).toBe(expected);
	});
});
