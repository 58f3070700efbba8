/** Bundles once. @param dist the folder to write to @throws esbuild's own errors, by file and line */
export function bundle(dist: string): Promise<void>;

/** Bundles now and after each change, until `dispose()`. @param dist the folder to write to */
export function watchBundle(dist: string): Promise<{ dispose(): Promise<void> }>;
