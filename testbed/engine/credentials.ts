/**
 * Credentials that are kept in memory in place of n8n's encrypted table. What n8n's server does with them is written again here, since that
 * package is too big to install: each place names the file of n8n 2.41.1 that it follows.
 */
import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	Workflow,
} from 'n8n-workflow';

import { thePackage } from './package';

/** Does what n8n's credentials-helper.js does, with `store` in place of the encrypted table. */
export class MemoryCredentialsHelper extends ICredentialsHelper {
	private constructor(
		private readonly types: Record<string, ICredentialType>,
		/** What is saved, by credential type. Changing it is like editing the credential. */
		readonly store: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	static async with(store: Record<string, ICredentialDataDecryptedObject>) {
		const { credentialTypes } = await thePackage();
		const types = Object.fromEntries(
			Object.entries(credentialTypes).map(([name, { type }]) => [name, type]),
		);
		return new MemoryCredentialsHelper(types, structuredClone(store));
	}

	typeOf = (name: string) => this.types[name];
	getParentTypes = (name: string) => this.types[name].extends ?? [];
	isCredentialUsableByNode = () => true;
	getCredentialsProperties = (type: string) => this.types[type].properties;
	getOAuth2Options = () => undefined;

	/** Defaults are filled in, and what the type does not declare is dropped: `applyDefaultsAndOverwrites`. */
	applyDefaults(type: string, data: ICredentialDataDecryptedObject) {
		return NodeHelpers.getNodeParameters(
			this.types[type].properties,
			structuredClone(data) as INodeParameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	async getDecrypted(_: unknown, __: unknown, type: string) {
		if (this.store[type] === undefined)
			throw new Error(`Credential with ID "${type}" does not exist for type "${type}".`);
		return this.applyDefaults(type, this.store[type]);
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.types[typeName];
		if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
		if (authenticate === undefined) return requestOptions;
		const resolveValue = (value: string) =>
			value.startsWith('=')
				? (workflow.expression
						.getSimpleParameterValue(
							node,
							value,
							'internal',
							{ $credentials: credentials },
							undefined,
							'',
						)
						?.toString() ?? '')
				: value;
		const target = requestOptions as unknown as Record<string, Record<string, string>>;
		for (const [part, entries] of Object.entries(authenticate.properties)) {
			target[part] ??= {};
			for (const [key, value] of Object.entries(entries as Record<string, string>)) {
				target[part][resolveValue(key)] = resolveValue(value);
			}
		}
		return requestOptions;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types[typeName];
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		);
		if (expirable === undefined || type.preAuthentication === undefined) return undefined;
		if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
		const output = (await type.preAuthentication.call(
			helpers,
			credentials,
		)) as ICredentialDataDecryptedObject;
		if (output[expirable.name] === undefined || !node.credentials) return undefined;
		await this.updateCredentials(node.credentials[typeName], typeName, {
			...this.store[typeName],
			...output,
		});
		return Object.assign(credentials, output);
	}

	async updateCredentials(
		_: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	) {
		// n8n encrypts a copy of the data, in JSON.
		this.store[type] = JSON.parse(JSON.stringify(data)) as ICredentialDataDecryptedObject;
	}

	async runPreAuthentication(): Promise<never> {
		throw new Error('Not used by this package');
	}

	async getCredentials(): Promise<never> {
		throw new Error('Not used by this package');
	}

	async updateCredentialsOauthTokenData() {}
}
