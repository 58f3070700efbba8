import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const SOURCES = path.join(__dirname, 'nodes');
const OPTIONS = {
	module: ModuleKind.CommonJS,
	target: ScriptTarget.ES2022,
	esModuleInterop: true,
};

/**
 * Compiles the nodes that the Didit Trigger is compared with, and their credential, into a folder of their own: they are no part of the
 * package, nor bound to what n8n asks of one.
 * @param folder Made when missing.
 * @returns The environment variable by which n8n loads that folder; its nodes are of the package `CUSTOM` there.
 */
export async function benchNodes(folder: string): Promise<Record<string, string>> {
	await mkdir(folder, { recursive: true });
	const sources = (await readdir(SOURCES)).filter((file) => file.endsWith('.ts'));
	for (const file of sources) {
		const text = await readFile(path.join(SOURCES, file), 'utf8');
		const { outputText } = transpileModule(text, { compilerOptions: OPTIONS });
		// n8n finds nodes and credentials by these endings.
		const name = path.basename(file, '.ts');
		const kind = name.endsWith('Api') ? 'credentials' : 'node';
		await writeFile(path.join(folder, `${name}.${kind}.js`), outputText);
	}
	return { N8N_CUSTOM_EXTENSIONS: folder };
}
