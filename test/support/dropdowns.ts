/** Reads what the editor's lists show. */
import { LoadOptionsContext } from 'n8n-core';
import type {
	ICredentialsHelper,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
} from 'n8n-workflow';

import { nodeTypesOf, thePackage } from '../../testbed/engine/package';
import { NODE } from './names';
import { additionalDataOf, newNode, workflowOf } from './workflow';

interface DropdownOptions {
	parameters?: INodeParameters;
	filter?: string;
	paginationToken?: string;
	type?: string;
}

/** The context of a dropdown of the editor: dynamic-node-parameters.service.js. */
export async function loadOptionsContext(
	credentials: ICredentialsHelper,
	{ parameters = {}, type = NODE }: DropdownOptions = {},
) {
	const node = newNode(type, parameters, { id: 'uuid-1234', name: 'Temp-Node' });
	const workflow = await workflowOf(node);
	return new LoadOptionsContext(
		workflow,
		workflow.getNode(node.name)!,
		additionalDataOf(credentials, {
			currentNodeParameters: workflow.getNode(node.name)!.parameters,
		}),
		'',
	);
}

/** What a list of a resource locator shows. */
export async function listSearch(
	method: string,
	credentials: ICredentialsHelper,
	options: DropdownOptions = {},
): Promise<INodeListSearchResult> {
	const nodeType = nodeTypesOf(await thePackage()).getByNameAndVersion(options.type ?? NODE);
	const context = await loadOptionsContext(credentials, options);
	return await nodeType.methods!.listSearch![method].call(
		context,
		options.filter,
		options.paginationToken,
	);
}

/** What an options dropdown shows. */
export async function loadOptions(
	method: string,
	credentials: ICredentialsHelper,
	options: DropdownOptions = {},
): Promise<INodePropertyOptions[]> {
	const nodeType = nodeTypesOf(await thePackage()).getByNameAndVersion(options.type ?? NODE);
	return await nodeType.methods!.loadOptions![method].call(
		await loadOptionsContext(credentials, options),
	);
}
