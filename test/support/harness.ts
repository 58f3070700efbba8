/**
 * All that runs the built package in the real n8n-core (its loader, WorkflowExecute, WebhookContext, HookContext and LoadOptionsContext),
 * one subject a file. setup.ts is loaded by Jest.
 */
export * from '../../testbed/engine/credentials';
export * from '../../testbed/engine/deduplicator';
export * from '../../testbed/engine/package';
export * from './credentials';
export * from './credentialTest';
export * from './dropdowns';
export * from './express';
export * from './hook';
export * from './names';
export * from './network';
export * from './run';
export * from './waiting';
export * from './webhook';
export * from './workflow';
