import type { IpRisk } from '../../../../contract/checks';
import { check } from '../../operation/check';
import { ipAddress } from '../../operation/convert';
import * as entry from '../../operation/entries';

/** Asks where an IP address is, and who hides behind it (docs.didit.me, IP Risk). */
export const assessRisk = check<Omit<IpRisk, 'ip_address'>>({
	option: {
		name: 'Assess Risk',
		value: 'assessRisk',
		action: 'Assess risk of IP address',
		description: 'Look up where an address is, and whether it is a VPN, Tor or a data center',
	},
	path: '/v3/ip/risk/',
	fields: [
		{ ...entry.text('IP Address', 'e.g. 192.0.2.71')[0], name: 'ipAddress', required: true },
	],
	additional: {
		claimed_country: entry.country('Claimed Country'),
		user_agent: entry.text('User Agent', 'e.g. Mozilla/5.0'),
	},
	request: (input, additional) => ({
		body: {
			ip_address: input.required('ipAddress', ipAddress),
			...additional,
		} satisfies IpRisk,
	}),
	result: {
		key: 'ip',
		simplified: [
			'ip_country',
			'country_mismatch',
			'is_vpn_or_tor',
			'is_data_center',
			'connection_type',
			'isp',
		],
		more: [
			'organization',
			'latitude',
			'longitude',
			'asn_number',
			'asn_organization',
			'carrier',
			'proxy_type',
			'claimed_country',
			'warnings',
		],
	},
});
