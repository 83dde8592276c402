/** Where every process is asked for its health, in one spelling: whether it should be restarted, and whether it may get work. */
export const healthPaths = { live: "/livez", ready: "/readyz" } as const;
