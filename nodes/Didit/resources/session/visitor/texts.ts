/** What the pages say that a visitor sees while an execution waits for him. */
export interface PageTexts {
	/** The page's title in the browser. */
	title: string;
	/** The person has not finished at Didit. */
	notFinished: string;
	/** The link back to Didit. */
	continue: string;
	/** The session is being reviewed. */
	inReview: string;
	/** Didit could not be asked. */
	tryAgain: string;
	/** It is over, and nothing more is to be done. */
	thankYou: string;
}

const ENGLISH: PageTexts = {
	title: 'Verification',
	notFinished: 'Your verification is not finished yet.',
	continue: 'Continue the verification',
	inReview: 'Thank you. Your verification is being reviewed. You can close this page.',
	tryAgain: 'Your verification could not be looked up just now. This page tries again.',
	thankYou: 'Thank you. You can close this page.',
};

const TEXTS: Record<string, PageTexts> = {
	ar: {
		title: 'التحقق من الهوية',
		notFinished: 'لم يكتمل التحقق من هويتك بعد.',
		continue: 'متابعة التحقق',
		inReview: 'شكرًا لك. تجري مراجعة التحقق من هويتك. يمكنك إغلاق هذه الصفحة.',
		tryAgain: 'تعذّر الاطلاع على حالة التحقق الآن. ستحاول هذه الصفحة مرة أخرى.',
		thankYou: 'شكرًا لك. يمكنك إغلاق هذه الصفحة.',
	},
	de: {
		title: 'Verifizierung',
		notFinished: 'Ihre Verifizierung ist noch nicht abgeschlossen.',
		continue: 'Verifizierung fortsetzen',
		inReview: 'Vielen Dank. Ihre Verifizierung wird geprüft. Sie können diese Seite schließen.',
		tryAgain:
			'Ihre Verifizierung konnte gerade nicht abgerufen werden. Diese Seite versucht es erneut.',
		thankYou: 'Vielen Dank. Sie können diese Seite schließen.',
	},
	en: ENGLISH,
	es: {
		title: 'Verificación',
		notFinished: 'Su verificación aún no ha terminado.',
		continue: 'Continuar con la verificación',
		inReview: 'Gracias. Su verificación se está revisando. Puede cerrar esta página.',
		tryAgain:
			'No se ha podido consultar su verificación en este momento. Esta página lo intentará de nuevo.',
		thankYou: 'Gracias. Puede cerrar esta página.',
	},
	fr: {
		title: 'Vérification',
		notFinished: "Votre vérification n'est pas encore terminée.",
		continue: 'Continuer la vérification',
		inReview: "Merci. Votre vérification est en cours d'examen. Vous pouvez fermer cette page.",
		tryAgain:
			"Votre vérification n'a pas pu être consultée pour le moment. Cette page va réessayer.",
		thankYou: 'Merci. Vous pouvez fermer cette page.',
	},
	it: {
		title: 'Verifica',
		notFinished: 'La verifica non è ancora terminata.',
		continue: 'Continua la verifica',
		inReview: 'Grazie. La verifica è in fase di revisione. Può chiudere questa pagina.',
		tryAgain: 'Al momento non è stato possibile consultare la verifica. Questa pagina riproverà.',
		thankYou: 'Grazie. Può chiudere questa pagina.',
	},
	pt: {
		title: 'Verificação',
		notFinished: 'A sua verificação ainda não terminou.',
		continue: 'Continuar a verificação',
		inReview: 'Obrigado. A sua verificação está em análise. Pode fechar esta página.',
		tryAgain: 'Não foi possível consultar a sua verificação agora. Esta página tentará de novo.',
		thankYou: 'Obrigado. Pode fechar esta página.',
	},
	ru: {
		title: 'Проверка',
		notFinished: 'Ваша проверка ещё не завершена.',
		continue: 'Продолжить проверку',
		inReview: 'Спасибо. Ваша проверка рассматривается. Вы можете закрыть эту страницу.',
		tryAgain: 'Сейчас не удалось узнать состояние проверки. Эта страница попробует ещё раз.',
		thankYou: 'Спасибо. Вы можете закрыть эту страницу.',
	},
	tr: {
		title: 'Doğrulama',
		notFinished: 'Doğrulamanız henüz tamamlanmadı.',
		continue: 'Doğrulamaya devam et',
		inReview: 'Teşekkürler. Doğrulamanız inceleniyor. Bu sayfayı kapatabilirsiniz.',
		tryAgain: 'Doğrulamanıza şu anda ulaşılamadı. Bu sayfa yeniden deneyecek.',
		thankYou: 'Teşekkürler. Bu sayfayı kapatabilirsiniz.',
	},
	zh: {
		title: '身份验证',
		notFinished: '您的身份验证尚未完成。',
		continue: '继续验证',
		inReview: '谢谢。您的身份验证正在审核中。您可以关闭此页面。',
		tryAgain: '暂时无法查询您的身份验证。此页面将重试。',
		thankYou: '谢谢。您可以关闭此页面。',
	},
};

const LANGUAGE_CODE = /^[a-z]{2,3}(-[A-Z]{2})?$/;

/** Didit's languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he']);

export interface PageLanguage {
	/** For the page's `lang`: the language that the texts are in. */
	code: string;
	/** For the page's `dir`. */
	direction: 'ltr' | 'rtl';
	texts: PageTexts;
}

/**
 * The texts in a language: ten of Didit's are known; in the others the page speaks English, unless the builder has written
 * texts of his own.
 *
 * @param language Didit's code, such as `pt-BR` (docs.didit.me, Create Session); anything else is English
 * @param own texts of the builder, in whatever language; those that are empty leave the known ones
 */
export function pageLanguage(language: unknown, own: Partial<PageTexts> = {}): PageLanguage {
	// It goes into the page as it is.
	const wanted = typeof language === 'string' && LANGUAGE_CODE.test(language) ? language : 'en';
	const base = wanted.replace(/-.*$/, '');
	const known = Object.hasOwn(TEXTS, base) ? TEXTS[base] : undefined;
	const written = Object.entries(own).filter(([, text]) => text.trim() !== '');
	// With texts of his own the builder may speak a language that is not among the known ones.
	const code = known !== undefined || written.length > 0 ? wanted : 'en';
	return {
		code,
		direction: RIGHT_TO_LEFT.has(code.replace(/-.*$/, '')) ? 'rtl' : 'ltr',
		texts: { ...ENGLISH, ...known, ...Object.fromEntries(written) },
	};
}

/**
 * The language that a browser asks for first among those whose texts are known.
 *
 * @param header its `Accept-Language`, such as `de-AT,de;q=0.9,en;q=0.5`
 * @returns the code without a region, or undefined where it asks for none of them
 */
export function languageOfBrowser(header: unknown): string | undefined {
	if (typeof header !== 'string') return undefined;
	const wanted = header.split(',').flatMap((part) => {
		const [tag = '', quality] = part.split(';');
		const base = tag.trim().toLowerCase().replace(/-.*$/s, '');
		const weight = quality === undefined ? 1 : Number(/^\s*q=([\d.]+)\s*$/.exec(quality)?.[1]);
		return Object.hasOwn(TEXTS, base) && weight > 0 ? [{ base, weight }] : [];
	});
	return wanted.sort((a, b) => b.weight - a.weight)[0]?.base;
}
