/** Core refuses as data; it throws only when a caller broke an invariant. */
export type Finding = { readonly code: string; readonly path: string; readonly message: string }
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Finding[] }
