/** What a batch may be on this machine; a model's context may allow less. */
export const lengthDefault = 256;
export const sequencesRange = { min: 1, max: 64 };
export const lengthRange = { min: 1, max: 4096 };
