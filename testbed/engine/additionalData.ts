import type { ICredentialsHelper, IWorkflowExecuteAdditionalData } from 'n8n-workflow';

/**
 * What n8n hands to each execution: the credentials, and its own addresses.
 * @param baseUrl n8n's address, without a final slash.
 */
export function additionalData(
	credentialsHelper: ICredentialsHelper,
	baseUrl: string,
	extra: Partial<IWorkflowExecuteAdditionalData> = {},
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		executionId: '1',
		restApiUrl: '',
		instanceBaseUrl: `${baseUrl}/`,
		webhookBaseUrl: `${baseUrl}/webhook`,
		webhookTestBaseUrl: `${baseUrl}/webhook-test`,
		webhookWaitingBaseUrl: `${baseUrl}/webhook-waiting`,
		formWaitingBaseUrl: `${baseUrl}/form-waiting`,
		currentNodeExecutionIndex: 0,
		variables: {},
		...extra,
	} as IWorkflowExecuteAdditionalData;
}
