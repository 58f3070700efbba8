import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

/**
 * Tags the execution with the session's ID and status, so that all executions of a session can be found, and deleted, in n8n
 * (custom execution data; n8n's custom-data.js). Never a name: everybody who may see the list of executions sees the tags.
 *
 * Does nothing in an n8n whose nodes can't tag, and never fails: a tag is not worth an event.
 *
 * @param answer an event or a decision of Didit, whole or reduced
 */
export function tagExecution(
	context: IExecuteFunctions | IWebhookFunctions,
	{ session_id, status }: IDataObject,
): void {
	try {
		const { customData } = context as Partial<IExecuteFunctions>;
		if (typeof session_id === 'string') customData?.set('didit_session_id', session_id);
		if (typeof status === 'string') customData?.set('didit_status', status);
	} catch (error) {
		context.logger.debug(`Didit: the execution could not be tagged: ${(error as Error).message}`);
	}
}
