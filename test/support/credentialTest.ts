import { ExecuteContext, RoutingNode } from 'n8n-core';
import { createEmptyRunExecutionData, NodeConnectionTypes, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';

import type { MemoryCredentialsHelper } from '../../testbed/engine/credentials';
import { additionalDataOf, newNode } from './workflow';

/**
 * Presses "Test" in the credential: credentials-tester.service.js. The form's values are tested, while the store keeps what is
 * saved (the editor saves before it tests, so by default both are the same).
 */
export async function testCredential(
	credentials: MemoryCredentialsHelper,
	type: string,
	form: ICredentialDataDecryptedObject = credentials.store[type],
): Promise<INodeCredentialTestResult> {
	const { test } = credentials.typeOf(type);
	if (test === undefined)
		return { status: 'Error', message: 'No testing function found for this credential.' };
	const decrypted: ICredentialsDecrypted = {
		id: type,
		name: type,
		type,
		data: credentials.applyDefaults(type, form),
	};
	const node = newNode(
		'noOp',
		{},
		{ id: 'temp', name: 'Temp-Node', credentials: { [type]: { id: type, name: type } } },
	);
	const nodeType: INodeType = {
		description: {
			displayName: 'No Operation, do nothing',
			name: 'noOp',
			group: ['organization'],
			version: 1,
			description: 'No Operation',
			defaults: { name: 'No Operation, do nothing' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	const testing = new Proxy(credentials, {
		get(target, property) {
			if (property === 'getDecrypted') return async () => decrypted.data ?? {};
			const value: unknown = Reflect.get(target, property);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
	const context = new ExecuteContext(
		workflow,
		node,
		additionalDataOf(testing),
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	let response: INodeExecutionData[][] | null | undefined;
	try {
		response = await new RoutingNode(context, nodeType, decrypted).runNode();
	} catch (thrown) {
		const error = thrown as {
			message: string;
			cause?: { code?: string; response?: { status: number; statusText: string } };
		};
		const answer = error.cause?.response;
		if (answer !== undefined) {
			for (const rule of test.rules ?? []) {
				if (rule.type === 'responseCode' && rule.properties.value === answer.status) {
					return { status: 'Error', message: rule.properties.message };
				}
			}
			if (answer.status < 199 || answer.status > 299) {
				return {
					status: 'Error',
					message: answer.statusText || `Received HTTP status code: ${answer.status}`,
				};
			}
		} else if (error.cause?.code) {
			return { status: 'Error', message: error.cause.code };
		}
		return { status: 'Error', message: error.message.toString() };
	}
	for (const rule of test.rules ?? []) {
		if (rule.type !== 'responseSuccessBody') continue;
		if (response?.[0][0].json[rule.properties.key] === rule.properties.value) {
			return { status: 'Error', message: rule.properties.message };
		}
	}
	return { status: 'OK', message: 'Connection successful!' };
}
