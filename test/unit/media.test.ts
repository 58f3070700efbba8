import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { isPrivateAddress } from '../../nodes/shared/hosts';
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

describe('isPrivateAddress', () => {
	it.each([
		'media.example.com',
		'MEDIA.Example.COM',
		'example.com.',
		'bücher.example',
		'internal.example.com',
		'localhost.example.com',
		'10.example.com',
		'8.8.8.8',
		'9.255.255.255',
		'11.0.0.0',
		'100.63.255.255',
		'100.128.0.0',
		'126.255.255.255',
		'128.0.0.0',
		'169.253.0.1',
		'172.15.255.255',
		'172.32.0.0',
		'192.167.255.255',
		'192.169.0.0',
		'198.17.255.255',
		'198.20.0.0',
		'223.255.255.255',
		'0x08080808',
		'2606:4700:4700::1111',
		'[2606:4700:4700::1111]',
		'2a00:1450:4001:81b::200e',
		'2001:200::1',
		'2003::1',
	])('lets %p through', (host) => {
		expect(isPrivateAddress(host)).toBe(false);
	});

	it.each([
		// names
		'localhost',
		'LOCALHOST',
		'localhost.',
		'localhost..',
		'app.localhost',
		'printer.local',
		'printer.LOCAL.',
		'metadata.google.internal',
		'nas.lan',
		'router.home.arpa',
		'n8n',
		'postgres',
		// IPv4
		'0.0.0.0',
		'0.1.2.3',
		'10.0.0.1',
		'10.255.255.255',
		'100.64.0.0',
		'100.127.255.255',
		'127.0.0.1',
		'127.255.255.254',
		'169.254.169.254',
		'172.16.0.1',
		'172.31.255.255',
		'192.0.0.8',
		'192.168.0.1',
		'198.18.0.1',
		'198.19.255.255',
		'224.0.0.1',
		'239.255.255.255',
		'240.0.0.1',
		'255.255.255.255',
		// IPv4 in other spellings
		'2130706433',
		'0x7f000001',
		'0x7f.1',
		'0177.0.0.1',
		'017700000001',
		'127.1',
		'10.1',
		'127.0.0.1.',
		'１２７.０.０.１',
		'%31%32%37.0.0.1',
		'127。0。0。1',
		// IPv6
		'::',
		'::1',
		'[::1]',
		'0:0:0:0:0:0:0:1',
		'::ffff:127.0.0.1',
		'::ffff:7f00:1',
		'[::ffff:8.8.8.8]',
		'::10.0.0.1',
		'64:ff9b::10.0.0.1',
		'2002:7f00:1::',
		'2001::1',
		'2001:db8::1',
		'fc00::1',
		'fd12:3456::1',
		'fe80::1',
		'fe80::1%eth0',
		'fec0::1',
		'ff02::1',
		// no host at all
		'',
		' ',
		'.',
		'a b.example.com',
		'user@example.com',
		'example.com/path',
		'example.com?x',
		'example.com#x',
		'example.com\\x',
		'example.com:8080',
		'http://example.com',
		'1.2.3.4.5',
		'256.1.1.1',
		':::',
	])('refuses %p', (host) => {
		expect(isPrivateAddress(host)).toBe(true);
	});

	it('decides about very long text at once', () => {
		const before = process.cpuUsage();
		expect(isPrivateAddress(`${':'.repeat(200_000)}x`)).toBe(true);
		expect(isPrivateAddress(`${'.'.repeat(200_000)}x`)).toBe(true);
		// Microseconds of this process, whatever else the machine does; quadratic work takes minutes.
		expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
	});
});
