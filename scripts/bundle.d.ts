export function bundle(dist: string): Promise<void>;
export function watchBundle(dist: string): Promise<{ dispose(): Promise<void> }>;
