/**
 * All that runs the built package in the real n8n-core (its loader, WorkflowExecute, WebhookContext, HookContext and LoadOptionsContext),
 * one subject a file. setup.ts is loaded by Jest.
 */
export * from './credentials';
export * from './credentialTest';
export * from './deduplicator';
export * from './dropdowns';
export * from './express';
export * from './hook';
export * from './names';
export * from './network';
export * from './package';
export * from './run';
export * from './waiting';
export * from './webhook';
export * from './workflow';
