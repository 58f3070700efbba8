/** Addresses and names in these tests. All people and secrets are invented. */
import { PACKAGE_NAME } from '../../testbed/engine/package';

export const API = 'https://verification.didit.me';
export const AUTH = 'https://apx.didit.me';
export const NODE = `${PACKAGE_NAME}.didit`;
export const TRIGGER = `${PACKAGE_NAME}.diditTrigger`;

/** Invented. No message, log line or stored execution may hold one of them. */
export const SECRETS = {
	apiKey: 'tst-key-Qm4vXw8Zr2Lp6Ny0',
	clientSecret: 'tst-client-secret-Hk7Td3Bs9',
	token: 'tst-token-Vc5Jn1Gf8',
	webhookSecret: 'tst_whsec_Zk3vQ9dXw1LrB7yNf0cHsJ5uE2mTgA8pYiRoKqV',
};
export const CLIENT_ID = 'client-4711';

export const WORKFLOW_ID = 'wf1';
/** The address of n8n, which `/webhook/` and `/webhook-test/` follow. */
export const N8N = 'https://n8n.example.com';
