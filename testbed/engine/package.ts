/** The built package, as n8n loads it. */
import { resolve } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
} from 'n8n-workflow';

export const PACKAGE_NAME = 'n8n-nodes-didit';

let loaded: Promise<PackageDirectoryLoader> | undefined;

/** The built package as n8n loads it: `npm run build` first. */
export async function loadPackage(
	folder = resolve(__dirname, '../..'),
): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return loader;
}

/** The same, loaded once for a file of tests. */
export const thePackage = async () => await (loaded ??= loadPackage());

/** As node-types.js makes it: by its name, n8n knows a tool. */
const asTool = (type: INodeType | IVersionedNodeType): INodeType | IVersionedNodeType => {
	const { name } = type.description;
	const description = { ...type.description, name: `${name}Tool`, outputs: ['ai_tool'] };
	return Object.create(type, { description: { value: description } }) as INodeType;
};

/**
 * The package's nodes, as n8n looks them up. As an AI tool, a node runs under a type name of its own (node-types.js).
 * @param others Nodes of other packages, by their full type names.
 */
export function nodeTypesOf(
	loader: PackageDirectoryLoader,
	others: Record<string, INodeType> = {},
): INodeTypes {
	const get = (name: string) => {
		if (name in others) return others[name];
		const known = loader.nodeTypes[name.replace(`${PACKAGE_NAME}.`, '').replace(/Tool$/, '')];
		if (known === undefined) throw new Error(`Unrecognized node type: ${name}`);
		return name.endsWith('Tool') ? asTool(known.type) : known.type;
	};
	return {
		getByName: get,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(get(name), version),
		getKnownTypes: () => ({}),
	};
}
