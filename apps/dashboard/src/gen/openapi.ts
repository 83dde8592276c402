/** Generated from the API's OpenAPI document by `npm run gen:api`. */
export interface paths {
    "/explorer/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Addresses that the chain has named, the last met first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/accounts/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An account with its bonds, work, pay and fines */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    address: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/adapters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Adapter versions, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    datasetId?: number;
                    limit?: number;
                    modelId?: number;
                    parentId?: number;
                    poolId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdapterPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/adapters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version with its lineage, and who and what made it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdapterDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/audits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Audits, the last draw first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    miner?: string;
                    phase?: "opening" | "commit" | "reveal" | "settled";
                    verifier?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Blocks, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BlockPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/blocks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A block by its height or hash, with what is in it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BlockDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/bonds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What answers for the work of each participant, by role */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    role?: "miner" | "verifier" | "storage_provider" | "inference_provider";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BondPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Disputes, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    /** @description Only those under way, or over. */
                    open?: "true" | "false";
                    /** @description Defender or challenger. */
                    party?: string;
                    poolId?: number;
                    /** @description Disputes about its chunks and about its sum. */
                    round?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CasePage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A dispute with every move of its parties */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/chunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Chunks that were leased at least once, the last lease first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    miner?: string;
                    poolId?: number;
                    round?: number;
                    status?: "leased" | "expired" | "committed" | "revealed" | "drawn" | "audited" | "accepted" | "uncounted" | "disputed" | "faulty" | "mature";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChunkPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/content/{cid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of content */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    cid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/content/{cid}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a folder */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    cid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FolderEntries"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Datasets, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DatasetPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/datasets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A dataset with what used it and what that paid */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DatasetDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of the module, the newest first */
        get: {
            parameters: {
                query?: {
                    account?: string;
                    adapterId?: number;
                    caseId?: number;
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    kind?: "round" | "chunk" | "audit" | "case" | "adapter" | "reward" | "participant" | "registry" | "beacon";
                    limit?: number;
                    poolId?: number;
                    round?: number;
                    submissionId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NetworkEventPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Leases, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    miner?: string;
                    status?: "leased" | "expired" | "committed";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LeasePage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Model"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/network": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The network at a glance */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NetworkSummary"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/offences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fines with what proves them, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    fault?: string;
                    limit?: number;
                    offender?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OffencePage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pools, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PoolPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/pools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A pool with its last rounds */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PoolDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/pools/{id}/measures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of a pool that follow from content: sample size, bytes sent */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PoolMeasures"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/pools/{id}/rounds/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A round with its chunks by status and its attestations */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RoundDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/pools/{id}/rounds/{number}/attestations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who vouched for which sum of a round */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: number;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AttestationPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/pools/{id}/rounds/{number}/chunks/{chunk}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A chunk of a round with its whole history */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    chunk: number;
                    id: number;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChunkDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/referees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Modules that judge tiles, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RefereePage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/rewards/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pay line by line, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    owner?: string;
                    submissionId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RewardCreditPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/rewards/earnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What every party has earned in which role, the most first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    owner?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EarningPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/rewards/epochs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was minted for how much verified work, the newest epoch first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RewardEpochPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/rewards/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was paid out, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    owner?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WithdrawalPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/rounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rounds of all pools, or of one, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    phase?: "waiting" | "training" | "reveal" | "audit" | "aggregation" | "complete" | "carried_over";
                    poolId?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RoundPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Records that an id, an address, a hash or a name leads to */
        get: {
            parameters: {
                query: {
                    q: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SearchResult"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the index has come, and how far the chain is ahead */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IndexStatus"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Network events as server-sent events; `Last-Event-ID` or `after` resumes */
        get: {
            parameters: {
                query?: {
                    /** @description Id of the last event that was seen. */
                    after?: string;
                    /** @description Only these kinds, divided by commas. */
                    kinds?: string;
                };
                header?: {
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Each event: id, the kind as its name, a NetworkEvent. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/submissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Submissions, the newest first */
        get: {
            parameters: {
                query?: {
                    adapterId?: number;
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                    miner?: string;
                    poolId?: number;
                    round?: number;
                    status?: "committed" | "revealed" | "drawn" | "audited" | "accepted" | "uncounted" | "disputed" | "faulty" | "mature";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubmissionPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/submissions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A submission from its lease to its pay */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubmissionDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/submissions/{id}/inputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The records from which the drawn step of a submission can be run again */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReplayInputs"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Transactions, the newest first; of one account, if one is named */
        get: {
            parameters: {
                query?: {
                    account?: string;
                    /** @description The `next` of the page before; the first page is without. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TransactionPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/explorer/v1/transactions/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A transaction with its messages and what it caused */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hash: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TransactionDetail"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process should be restarted */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it may get work, dependency by dependency */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account: whose it is, its credit, and how that changed */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OwnAccount"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a conversation, at once or as server-sent events */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChatRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChatReply"];
                    };
                };
                /** @description The request has another form, or its prompt does not fit. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description No key, or one that is unknown, expired or revoked. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Too little credit; the message says how much is needed. */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The key lacks the scope, or may not ask this model. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description No such model. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Too many requests; `retry-after` says when. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Nothing can answer now; `retry-after` says when. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Continue a text, at once or as server-sent events */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CompletionRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CompletionReply"];
                    };
                };
                /** @description The request has another form, or its prompt does not fit. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description No key, or one that is unknown, expired or revoked. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Too little credit; the message says how much is needed. */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The key lacks the scope, or may not ask this model. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description No such model. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Too many requests; `retry-after` says when. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Nothing can answer now; `retry-after` says when. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Texts as vectors: the model's pooled states
         * @description The model was not trained for this: texts with like words have like vectors.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EmbeddingRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EmbeddingReply"];
                    };
                };
                /** @description The request has another form, or its prompt does not fit. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description No key, or one that is unknown, expired or revoked. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Too little credit; the message says how much is needed. */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The key lacks the scope, or may not ask this model. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description No such model. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Too many requests; `retry-after` says when. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Nothing can answer now; `retry-after` says when. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faucet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the faucet of a development or test chain gives */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Faucet"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Send tokens that are worth nothing to an address, once in a while */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["GiftRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Gift"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The key that asks: what it may do and what is left */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyCredit"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Take back the key that asks, at once; for a session, sign out
         * @description It opens nothing from now on. What it asked for before goes on to its end and costs at most what was set aside for it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All keys and sessions of the account, the newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Key"][];
                        };
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Make a key; its text is shown this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewKeyInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MadeKey"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a key back, at once
         * @description It opens nothing from now on. What it asked for before goes on to its end and costs at most what was set aside for it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a key another text, shown this once; the one before ends now or in a while */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RotationInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MadeKey"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models that can be asked with this key */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServedModels"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model, by its name or an alias such as pool-1@latest */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServedModel"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A session for the signature of a text
         * @description The account is made at its first sign-in. DELETE /v1/key with the session's key signs out.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignInAnswerInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The chain as a wallet that does not know it must be told of it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WalletChain"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A text to sign, which names this server and its chain and can be used once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignInRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInChallenge"];
                    };
                };
                /** @description Default Response */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccountDetail: {
            /** @description A remes1… address. */
            address: string;
            bonds: components["schemas"]["Bond"][];
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            credited: string;
            earnings: components["schemas"]["Earning"][];
            /** @description Where the index met it first. */
            firstHeight: number;
            offences: number;
            openLeases: number;
            /** @description Owners whose operator key it is. */
            operatorOf: string[];
            participant: components["schemas"]["Participant"] | null;
            submissionsByStatus: {
                [key: string]: number;
            };
            /** @description By fines, in all. */
            taken: string;
            unbondings: components["schemas"]["Unbonding"][];
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            withdrawable: string;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            withdrawn: string;
        };
        AccountPage: {
            items: components["schemas"]["KnownAccount"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Adapter: {
            /** @description Address of content, a CIDv1 in base32. */
            cid: string;
            datasetId: number;
            /** @description Height of a block. */
            height: number;
            /** @description Sum over the held-out sample, in 1/65536 bit; divide by 65536 and the sample's predicted tokens for bits per token. */
            heldOutLoss: string;
            id: number;
            matureHeight: number | null;
            modelId: number;
            momentumRoot: string | null;
            /** @description 0 is the model's fresh adapter. */
            parentId: number;
            poolId: number;
            /** @description Lower-case hexadecimal. */
            root: string;
            round: number;
            /** @enum {string} */
            status: "provisional" | "mature" | "recalled";
            submissions: number;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
        };
        AdapterDetail: {
            attestations: components["schemas"]["Attestation"][];
            children: number[];
            /** @description Address of content, a CIDv1 in base32. */
            cid: string;
            contributors: components["schemas"]["Contributor"][];
            dataset: components["schemas"]["Dataset"] | null;
            datasetId: number;
            /** @description Height of a block. */
            height: number;
            /** @description Sum over the held-out sample, in 1/65536 bit; divide by 65536 and the sample's predicted tokens for bits per token. */
            heldOutLoss: string;
            id: number;
            /** @description Its ancestors, the parent first. */
            lineage: components["schemas"]["Adapter"][];
            matureHeight: number | null;
            model: components["schemas"]["Model"] | null;
            modelId: number;
            momentumRoot: string | null;
            /** @description 0 is the model's fresh adapter. */
            parentId: number;
            poolId: number;
            /** @description Lower-case hexadecimal. */
            root: string;
            round: number;
            /** @enum {string} */
            status: "provisional" | "mature" | "recalled";
            submissions: number;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
        };
        AdapterPage: {
            items: components["schemas"]["Adapter"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Attestation: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            bond: string;
            cid: string | null;
            /** @description Height of a block. */
            height: number;
            /** @description Sum over the held-out sample, in 1/65536 bit; divide by 65536 and the sample's predicted tokens for bits per token. */
            heldOutLoss: string;
            momentumRoot: string | null;
            poolId: number;
            /** @description Lower-case hexadecimal. */
            root: string;
            round: number;
            transaction: string | null;
            /** @description A remes1… address. */
            verifier: string;
        };
        AttestationPage: {
            items: components["schemas"]["Attestation"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Audit: {
            draw: number;
            /** @description Height of a block. */
            drawHeight: number;
            /** @description Height of a block. */
            endHeight: number;
            fullReplay: boolean;
            /** @description A remes1… address. */
            miner: string;
            openHeight: number | null;
            openTransaction: string | null;
            /** @enum {string} */
            phase: "opening" | "commit" | "reveal" | "settled";
            poolId: number;
            rootAfter: string | null;
            rootBefore: string | null;
            rootFinal: string | null;
            round: number;
            seats: components["schemas"]["Seat"][];
            settleHeight: number | null;
            stateBeforeCid: string | null;
            stateFinalCid: string | null;
            step: number;
            submissionId: number;
        };
        AuditPage: {
            items: components["schemas"]["Audit"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Block: {
            /** @description Events of the R3MES module. */
            events: number;
            gasUsed: number;
            /** @description Lower-case hexadecimal. */
            hash: string;
            /** @description Height of a block. */
            height: number;
            /** @description Consensus address of the validator that proposed it. */
            proposer: string;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
            transactions: number;
        };
        BlockDetail: {
            eventItems: components["schemas"]["NetworkEvent"][];
            /** @description Events of the R3MES module. */
            events: number;
            gasUsed: number;
            /** @description Lower-case hexadecimal. */
            hash: string;
            /** @description Height of a block. */
            height: number;
            /** @description Consensus address of the validator that proposed it. */
            proposer: string;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
            transactionItems: components["schemas"]["Transaction"][];
            transactions: number;
        };
        BlockPage: {
            items: components["schemas"]["Block"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Bond: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            amount: string;
            /** @description Height of a block. */
            height: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            locked: string;
            /** @description A remes1… address. */
            owner: string;
            /** @enum {string} */
            role: "miner" | "verifier" | "storage_provider" | "inference_provider";
        };
        BondPage: {
            items: components["schemas"]["Bond"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Case: {
            blocksLeft: number | null;
            /** @description A remes1… address. */
            challenger: string;
            closeHeight: number | null;
            closeTransaction: string | null;
            /** @description A remes1… address. */
            defender: string;
            /** @description Of the tile that consensus computed. */
            executedHash: string | null;
            /** @description What the stages that are closed have found, such as `{steps: 12}`. */
            found: {
                [key: string]: number;
            };
            id: number;
            /** @description What is disputed, such as `step`. */
            kind: string;
            /** @description Height of a block. */
            openHeight: number;
            openTransaction: string | null;
            /** @description Null while it is open. */
            outcome: string | null;
            poolId: number | null;
            round: number | null;
            /** @description Which tree is bisected. */
            stage: string | null;
            step: number | null;
            submissionId: number | null;
            toMove: string | null;
        };
        CaseDetail: {
            blocksLeft: number | null;
            /** @description A remes1… address. */
            challenger: string;
            closeHeight: number | null;
            closeTransaction: string | null;
            /** @description A remes1… address. */
            defender: string;
            /** @description Of the tile that consensus computed. */
            executedHash: string | null;
            /** @description What the stages that are closed have found, such as `{steps: 12}`. */
            found: {
                [key: string]: number;
            };
            history: components["schemas"]["NetworkEvent"][];
            id: number;
            /** @description What is disputed, such as `step`. */
            kind: string;
            moves: components["schemas"]["CaseMove"][];
            /** @description What it cost, and whom. */
            offences: components["schemas"]["Offence"][];
            /** @description Height of a block. */
            openHeight: number;
            openTransaction: string | null;
            /** @description Null while it is open. */
            outcome: string | null;
            poolId: number | null;
            round: number | null;
            /** @description Which tree is bisected. */
            stage: string | null;
            step: number | null;
            submissionId: number | null;
            toMove: string | null;
        };
        CaseMove: {
            /** @description The message, bytes in hexadecimal. */
            data: {
                [key: string]: unknown;
            };
            /** @description Height of a block. */
            height: number;
            index: number;
            /** @description A remes1… address. */
            signer: string;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
            /** @description Lower-case hexadecimal. */
            transaction: string;
            /** @description Name of the message, such as `PostTrace`. */
            type: string;
        };
        CasePage: {
            items: components["schemas"]["Case"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        ChatMessageInput: ({
            content: string | (({
                text: string;
                /** @constant */
                type: "text";
            } & {
                [key: string]: unknown;
            }) | ({
                /** @enum {string} */
                type: "image_url" | "input_audio" | "file";
            } & {
                [key: string]: unknown;
            }))[];
            /** @enum {string} */
            role: "system" | "developer" | "user";
        } & {
            [key: string]: unknown;
        }) | ({
            /** @description Not supported: the models here speak no sound */
            audio?: unknown;
            content?: (string | (({
                text: string;
                /** @constant */
                type: "text";
            } & {
                [key: string]: unknown;
            }) | ({
                refusal: string;
                /** @constant */
                type: "refusal";
            } & {
                [key: string]: unknown;
            }))[]) | null;
            /** @description Not supported: the models here call no tools */
            function_call?: unknown;
            /** @description Stands for the content where there is none. */
            refusal?: string | null;
            /** @constant */
            role: "assistant";
            /** @description Not supported: the models here call no tools */
            tool_calls?: unknown;
        } & {
            [key: string]: unknown;
        }) | ({
            /** @enum {string} */
            role: "tool" | "function";
        } & {
            [key: string]: unknown;
        });
        ChatReply: {
            choices: {
                /** @enum {string} */
                finish_reason: "stop" | "length";
                index: number;
                logprobs: {
                    content: {
                        /** @description UTF-8, of a part of a character too; empty for a control token. */
                        bytes: number[];
                        logprob: number;
                        token: string;
                        top_logprobs: {
                            /** @description UTF-8, of a part of a character too; empty for a control token. */
                            bytes: number[];
                            logprob: number;
                            token: string;
                        }[];
                    }[];
                    refusal: null;
                } | null;
                message: {
                    content: string;
                    refusal: null;
                    /** @constant */
                    role: "assistant";
                };
            }[];
            created: number;
            id: string;
            model: string;
            /** @constant */
            object: "chat.completion";
            receipt: components["schemas"]["Receipt"];
            system_fingerprint: string;
            usage: components["schemas"]["Usage"];
        };
        ChatRequestInput: {
            /** @description Not supported: an answer is text alone */
            audio?: unknown;
            /** @description Not supported: tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken */
            frequency_penalty?: unknown;
            /** @description Not supported: the models here call no tools */
            function_call?: unknown;
            /** @description Not supported: the models here call no tools */
            functions?: unknown[] | null;
            /** @description Not supported: tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken */
            logit_bias?: unknown;
            logprobs?: boolean | null;
            /** @description Before `max_tokens`. Absent, both: 256. */
            max_completion_tokens?: number | null;
            max_tokens?: number | null;
            messages: components["schemas"]["ChatMessageInput"][];
            /** @description Not supported: an answer is text alone */
            modalities?: unknown;
            model: string;
            /** @description Not supported: nothing here judges what is asked or answered */
            moderation?: unknown;
            /** @description Not supported: a request has one answer; another seed gives another */
            n?: unknown;
            /** @description Changes nothing. */
            parallel_tool_calls?: boolean | null;
            /** @description Not supported: tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken */
            presence_penalty?: unknown;
            /** @description Not supported: the models here answer without reasoning first */
            reasoning_effort?: unknown;
            /** @description Not supported: an answer is text of no promised form; only the type text is taken */
            response_format?: unknown;
            /** @description The same request with the same seed gives the same bytes. Absent: a random one. */
            seed?: number | null;
            stop?: (string | string[]) | null;
            stream?: boolean | null;
            stream_options?: ({
                include_usage?: boolean | null;
            } & {
                [key: string]: unknown;
            }) | null;
            /** @description 0 is greedy. Three decimals count. Absent: 1. */
            temperature?: number | null;
            /** @description Not supported: the models here call no tools */
            tool_choice?: unknown;
            /** @description Not supported: the models here call no tools */
            tools?: unknown[] | null;
            /** @description With `logprobs` alone. */
            top_logprobs?: number | null;
            /** @description Six decimals count. Absent: 1. */
            top_p?: number | null;
            /** @description Changes nothing. */
            user?: string | null;
            /** @description Not supported: the models here have one verbosity, medium */
            verbosity?: unknown;
            /** @description Not supported: the models here search nothing */
            web_search_options?: unknown;
        } & {
            [key: string]: unknown;
        };
        Chunk: {
            /** @description Which chunk of the dataset. */
            chunk: number;
            /** @description Of its last change. */
            height: number;
            /** @description The last lease, which is also the number of its submission. */
            leaseId: number;
            leases: number;
            /** @description A remes1… address. */
            miner: string;
            poolId: number;
            round: number;
            /** @enum {string} */
            status: "leased" | "expired" | "committed" | "revealed" | "drawn" | "audited" | "accepted" | "uncounted" | "disputed" | "faulty" | "mature";
        };
        ChunkDetail: {
            /** @description Which chunk of the dataset. */
            chunk: number;
            /** @description Of its last change. */
            height: number;
            /** @description Everything that happened to it, oldest first. */
            history: components["schemas"]["NetworkEvent"][];
            /** @description The last lease, which is also the number of its submission. */
            leaseId: number;
            leaseItems: components["schemas"]["Lease"][];
            leases: number;
            /** @description A remes1… address. */
            miner: string;
            poolId: number;
            round: number;
            /** @enum {string} */
            status: "leased" | "expired" | "committed" | "revealed" | "drawn" | "audited" | "accepted" | "uncounted" | "disputed" | "faulty" | "mature";
            submissions: components["schemas"]["Submission"][];
        };
        ChunkPage: {
            items: components["schemas"]["Chunk"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        CompletionReply: {
            choices: {
                /** @enum {string} */
                finish_reason: "stop" | "length";
                index: number;
                logprobs: {
                    text_offset: number[];
                    token_logprobs: number[];
                    tokens: string[];
                    top_logprobs: {
                        [key: string]: number;
                    }[];
                } | null;
                text: string;
            }[];
            created: number;
            id: string;
            model: string;
            /** @constant */
            object: "text_completion";
            receipt: components["schemas"]["Receipt"];
            system_fingerprint: string;
            usage: components["schemas"]["Usage"];
        };
        CompletionRequestInput: {
            /** @description Not supported: a request has one answer; another seed gives another */
            best_of?: unknown;
            /** @description Not supported: an answer does not repeat its prompt */
            echo?: unknown;
            /** @description Not supported: tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken */
            frequency_penalty?: unknown;
            /** @description Not supported: tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken */
            logit_bias?: unknown;
            logprobs?: number | null;
            /** @description Absent: 16. */
            max_tokens?: number | null;
            model: string;
            /** @description Not supported: a request has one answer; another seed gives another */
            n?: unknown;
            /** @description Not supported: tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken */
            presence_penalty?: unknown;
            /** @description Absent: a text from its beginning. */
            prompt?: (string | number[] | [
                string
            ] | [
                number[]
            ]) | null;
            /** @description The same request with the same seed gives the same bytes. Absent: a random one. */
            seed?: number | null;
            stop?: (string | string[]) | null;
            stream?: boolean | null;
            stream_options?: ({
                include_usage?: boolean | null;
            } & {
                [key: string]: unknown;
            }) | null;
            /** @description Not supported: the models here continue a text and fill no gap */
            suffix?: unknown;
            /** @description 0 is greedy. Three decimals count. Absent: 1. */
            temperature?: number | null;
            /** @description Six decimals count. Absent: 1. */
            top_p?: number | null;
            /** @description Changes nothing. */
            user?: string | null;
        } & {
            [key: string]: unknown;
        };
        Contributor: {
            /** @description A remes1… address. */
            miner: string;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            paid: string;
            submissions: number;
        };
        Dataset: {
            /** @description Height of a block. */
            height: number;
            id: number;
            /** @description Text as somebody wrote it: never to be interpreted. */
            licence: string;
            /** @description Address of content, a CIDv1 in base32. */
            manifestCid: string;
            /** @description Text as somebody wrote it: never to be interpreted. */
            name: string;
            /** @description A remes1… address. */
            provider: string;
            /** @description Lower-case hexadecimal. */
            root: string;
            /** @description A remes1… address. */
            royaltyAddress: string;
            /** @enum {string} */
            status: "proposed" | "approved" | "retired";
            /** @description Lower-case hexadecimal. */
            tokenizerHash: string;
            /** @description A whole number as a decimal string, since it may pass 2^53. */
            tokens: string;
        };
        DatasetDetail: {
            /** @description Versions that were trained on it, oldest first. */
            adapterIds: number[];
            /** @description To its royalty address as data provider. */
            credited: string;
            /** @description Height of a block. */
            height: number;
            id: number;
            /** @description Text as somebody wrote it: never to be interpreted. */
            licence: string;
            /** @description Address of content, a CIDv1 in base32. */
            manifestCid: string;
            /** @description Text as somebody wrote it: never to be interpreted. */
            name: string;
            poolIds: number[];
            /** @description A remes1… address. */
            provider: string;
            /** @description Lower-case hexadecimal. */
            root: string;
            /** @description A remes1… address. */
            royaltyAddress: string;
            /** @enum {string} */
            status: "proposed" | "approved" | "retired";
            /** @description Lower-case hexadecimal. */
            tokenizerHash: string;
            /** @description A whole number as a decimal string, since it may pass 2^53. */
            tokens: string;
        };
        DatasetPage: {
            items: components["schemas"]["Dataset"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Earning: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            credited: string;
            credits: number;
            /** @description A remes1… address. */
            owner: string;
            /** @enum {string} */
            role: "miner" | "verifier" | "data_provider";
        };
        EarningPage: {
            items: components["schemas"]["Earning"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description The states of the model behind its last norm, averaged over the text's tokens, of length 1. */
        EmbeddingReply: {
            data: {
                embedding: number[] | string;
                index: number;
                /** @constant */
                object: "embedding";
            }[];
            model: string;
            /** @constant */
            object: "list";
            usage: {
                prompt_tokens: number;
                total_tokens: number;
            };
        };
        EmbeddingRequestInput: {
            /** @description No other than those that the model has. */
            dimensions?: number | null;
            encoding_format?: ("float" | "base64") | null;
            input: string | string[] | number[] | number[][];
            model: string;
            /** @description Changes nothing. */
            user?: string | null;
        } & {
            [key: string]: unknown;
        };
        ErrorBody: {
            error: {
                /** @description OpenAI's word where it has one, else `r3mes_code` in lower case. */
                code: string;
                /** @description What to do about it. */
                hint: string;
                message: string;
                /** @description The field of the request that is at fault. */
                param: string | null;
                /** @description The code of the error catalogue. */
                r3mes_code: string;
                request_id: string;
                /** @description OpenAI's class of errors. */
                type: string;
            };
        };
        Faucet: {
            chain_id: string;
            /** @description How long an account, and a network address, waits. */
            cooldown_s: number;
            /** @description What one gift holds. */
            uremes: string;
            /** @description What may still be given today. */
            uremes_left: string;
        };
        FolderEntries: {
            entries: {
                /** @description Address of content, a CIDv1 in base32. */
                cid: string;
                name: string;
            }[];
        };
        Gift: {
            address: string;
            /** @description Of the block that holds the transfer. */
            height: string;
            uremes: string;
        };
        GiftRequestInput: {
            address: string;
        };
        Health: {
            checks: {
                detail: string;
                name: string;
                required: boolean;
                /** @enum {string} */
                status: "ok" | "failed";
            }[];
            /** @enum {string} */
            status: "ok" | "degraded" | "failed";
        };
        IndexStatus: {
            /** @description Null while the node does not answer. */
            chainHeight: number | null;
            /** @description Null before the first block is indexed. */
            chainId: string | null;
            /** @enum {string} */
            database: "pglite" | "postgresql";
            indexedHash: string | null;
            /** @description Height of a block. */
            indexedHeight: number;
            indexedTimeMs: number | null;
            lagBlocks: number | null;
            /** @description Time of the node's last block less that of the index's. */
            lagMs: number | null;
        };
        Key: {
            /** @description Credits that it may spend in all. */
            cap: number | null;
            created_at: string;
            expires_at: string | null;
            id: string;
            /**
             * @description A session was opened by a wallet's signature.
             * @enum {string}
             */
            kind: "key" | "session";
            label: string;
            last_used_at: string | null;
            /** @description The models that it may ask; null for all. */
            models: string[] | null;
            /** @description The first characters of the key. */
            prefix: string;
            /** @description Until when the text before the last rotation is taken; null if there was none. */
            previous_ends_at: string | null;
            revoked_at: string | null;
            scopes: components["schemas"]["Scope"][];
            spent: number;
        };
        KeyCredit: {
            /** @description What the account can still spend. */
            credits: number;
            key: components["schemas"]["Key"];
            /** @description Set aside for answers that are under way. */
            reserved: number;
        };
        KnownAccount: {
            /** @description A remes1… address. */
            address: string;
            /** @description Where the index met it first. */
            firstHeight: number;
            /** @description Those that it has a bond for. */
            roles: ("miner" | "verifier" | "storage_provider" | "inference_provider")[];
        };
        Lease: {
            chunk: number;
            closeHeight: number | null;
            /** @description Height of a block. */
            endHeight: number;
            /** @description Height of a block. */
            height: number;
            id: number;
            /** @description A remes1… address. */
            miner: string;
            poolId: number;
            round: number;
            /** @enum {string} */
            status: "leased" | "expired" | "committed";
        };
        LeasePage: {
            items: components["schemas"]["Lease"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        MadeKey: {
            /** @description Its text, shown this once. */
            key: string;
            record: components["schemas"]["Key"];
        };
        Model: {
            /** @description Text as somebody wrote it: never to be interpreted. */
            architecture: string;
            /** @description Lower-case hexadecimal. */
            backboneRoot: string;
            /** @description Height of a block. */
            height: number;
            id: number;
            /** @description Address of content, a CIDv1 in base32. */
            initialAdapterCid: string;
            /** @description Lower-case hexadecimal. */
            initialAdapterRoot: string;
            /** @description Text as somebody wrote it: never to be interpreted. */
            licence: string;
            /** @description Address of content, a CIDv1 in base32. */
            manifestCid: string;
            /** @description Text as somebody wrote it: never to be interpreted. */
            name: string;
            /** @description The step programs as registered, bytes in hexadecimal. */
            programs: {
                [key: string]: unknown;
            }[];
            /** @description Lower-case hexadecimal. */
            refereeId: string;
            /** @enum {string} */
            status: "proposed" | "approved" | "retired";
            /** @description Text as somebody wrote it: never to be interpreted. */
            targets: string;
            /** @description Lower-case hexadecimal. */
            tokenizerHash: string;
        };
        ModelPage: {
            items: components["schemas"]["Model"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        NetworkEvent: {
            accounts: string[];
            adapterId: number | null;
            caseId: number | null;
            /** @description Its fields: bytes in hexadecimal, addresses of content in base32. */
            data: {
                [key: string]: unknown;
            };
            /** @description Height of a block. */
            height: number;
            /** @description Resume token: height and index, such as `1204-3`. */
            id: string;
            /** @description Place among the events of its block. */
            index: number;
            /**
             * @description What it is about; also the name of the SSE event.
             * @enum {string}
             */
            kind: "block" | "round" | "chunk" | "audit" | "case" | "adapter" | "reward" | "participant" | "registry" | "beacon";
            poolId: number | null;
            round: number | null;
            submissionId: number | null;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
            /** @description Null for what the block itself did. */
            transaction: string | null;
            /** @description Name of the chain's event, such as `ChunkLeased`, or `Block`. */
            type: string;
        };
        NetworkEventPage: {
            items: components["schemas"]["NetworkEvent"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        NetworkSummary: {
            accounts: number;
            auditsByPhase: {
                [key: string]: number;
            };
            blocks: number;
            /** @description `open` counts those under way. */
            casesByOutcome: {
                [key: string]: number;
            };
            chunksByStatus: {
                [key: string]: number;
            };
            /** @description Height of a block. */
            indexedHeight: number;
            indexedTimeMs: number | null;
            money: {
                /** @description Put into pools. */
                budgets: string;
                /** @description Of fines. */
                burned: string;
                /** @description In uremes, millionths of a REMES, as a decimal string. */
                credited: string;
                /** @description In uremes, millionths of a REMES, as a decimal string. */
                minted: string;
                /** @description Given back by pools. */
                returned: string;
                /** @description By fines. */
                taken: string;
                /** @description In uremes, millionths of a REMES, as a decimal string. */
                withdrawn: string;
            };
            openCases: components["schemas"]["Case"][];
            pools: {
                /** @description The last 200 versions, oldest first. */
                adapters: components["schemas"]["TrainedAdapter"][];
                datasetId: number;
                id: number;
                modelId: number;
                round: number;
            }[];
            /** @description Updates that miners have sent. */
            revealedUpdates: number;
            roundsInFlight: components["schemas"]["Round"][];
            transactions: number;
            verdicts: {
                [key: string]: number;
            };
            /** @description Multiply-adds of accepted submissions. */
            verifiedWork: string;
        };
        NewKeyInput: {
            cap?: number;
            /** Format: date-time */
            expires_at?: string;
            /** @default  */
            label: string;
            /** @description The models that it may ask, by name; `pool-1` stands for every version of that pool. All unless said. */
            models?: string[];
            /**
             * @default [
             *       "inference"
             *     ]
             */
            scopes: components["schemas"]["ScopeInput"][];
        };
        Offence: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            awarded: string;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            burned: string;
            /** @description The dispute that proved it. */
            caseId: number | null;
            /** @description What was done, such as `wrong_step`. */
            fault: string;
            /** @description Height of a block. */
            height: number;
            index: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            insured: string;
            /** @description A remes1… address. */
            offender: string;
            /** @description Submission, case or epoch that it concerns. */
            subject: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            taken: string;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
            transaction: string | null;
        };
        OffencePage: {
            items: components["schemas"]["Offence"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        OwnAccount: {
            /** @description Who signs in for it; null for an installation. */
            address: string | null;
            created_at: string;
            /** @description What the account can still spend. */
            credits: number;
            /** @description The newest changes of its credit, at most 100. */
            entries: {
                at: string;
                /** @description Positive for a grant, negative for what was spent. */
                credits: number;
                id: string;
                /** @description The key that spent. */
                key: string | null;
                /** @enum {string} */
                kind: "grant" | "spend";
            }[];
            id: string;
            /** @description Set aside for answers that are under way. */
            reserved: number;
        };
        Participant: {
            /** @description Height of a block. */
            height: number;
            /** @description A remes1… address. */
            operator: string;
            /** @description A remes1… address. */
            owner: string;
        };
        Pool: {
            /** @description Version that was adopted last; 0 before the first. */
            adapterId: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            budget: string;
            chunksPerRound: number;
            datasetId: number;
            /** @description Elements of an update that are sent, in thousandths. */
            density: number;
            emissionWeightPpm: number;
            /** @description Height of a block. */
            height: number;
            id: number;
            learningRates: number[];
            leaseBlocks: number;
            localSteps: number;
            modelId: number;
            outerLearningRate: number;
            outerMomentum: number;
            /** @description 0 is the model's fresh adapter. */
            parentAdapterId: number;
            /** @description Which of the model's step programs. */
            program: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            returned: string;
            /** @description The round that is under way, or was last. */
            round: number;
            rounds: number;
            /** @description A remes1… address. */
            sponsor: string;
            /** @enum {string} */
            status: "open" | "closing" | "closed";
            submissionsMin: number;
            trainingBlocks: number;
        };
        PoolDetail: {
            /** @description Version that was adopted last; 0 before the first. */
            adapterId: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            budget: string;
            chunksPerRound: number;
            datasetId: number;
            /** @description Elements of an update that are sent, in thousandths. */
            density: number;
            emissionWeightPpm: number;
            /** @description Height of a block. */
            height: number;
            id: number;
            learningRates: number[];
            leaseBlocks: number;
            localSteps: number;
            modelId: number;
            outerLearningRate: number;
            outerMomentum: number;
            /** @description 0 is the model's fresh adapter. */
            parentAdapterId: number;
            /** @description Which of the model's step programs. */
            program: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            returned: string;
            /** @description The round that is under way, or was last. */
            round: number;
            roundItems: components["schemas"]["Round"][];
            rounds: number;
            /** @description A remes1… address. */
            sponsor: string;
            /** @enum {string} */
            status: "open" | "closing" | "closed";
            submissionsMin: number;
            trainingBlocks: number;
        };
        PoolMeasures: {
            /** @description One fp32 gradient of the whole model, which a step would send otherwise. */
            gradientBytes: string | null;
            /** @description Predicted tokens of the held-out sample; null if its manifest cannot be had. */
            heldOutTokens: number | null;
            /** @description An update is sent once a chunk, for all of its steps. */
            updates: {
                /** @description Of all of them together. */
                bytes: string;
                /** @description Updates whose size is known, of the last 50. */
                sampled: number;
            };
        };
        PoolPage: {
            items: components["schemas"]["Pool"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description What `npx r3mes verify-receipt` takes: spec/inference.md. */
        Receipt: {
            /** @description Root of the adapter, hex. */
            adapter?: string;
            /** @constant */
            format: "remes/receipt/1";
            /** @description Root of the backbone, hex. */
            model: string;
            output: string;
            /** @description Public key, hex. */
            provider: string;
            request: string;
            signature: string;
            tokenizer: string;
        } & {
            [key: string]: unknown;
        };
        Referee: {
            /** @description Height of a block. */
            height: number;
            /** @description Lower-case hexadecimal. */
            id: string;
            size: number;
        };
        RefereePage: {
            items: components["schemas"]["Referee"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        ReplayInputs: {
            /** @description The 36 bytes of the address of the adapter that the round starts from. */
            adapterCid: string;
            /** @description Lower-case hexadecimal. */
            dataset: string;
            /** @description Lower-case hexadecimal. */
            model: string;
            /** @description The record as the chain encodes it, in hexadecimal. */
            pool: string;
            /** @description Lower-case hexadecimal. */
            round: string;
            /** @description With the opening of its last audit. */
            submission: string;
        };
        /** @description One line of somebody's pay. */
        RewardCredit: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            amount: string;
            /** @description Height of a block. */
            height: number;
            index: number;
            /** @description A remes1… address. */
            owner: string;
            /** @enum {string} */
            role: "miner" | "verifier" | "data_provider";
            submissionId: number;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
        };
        RewardCreditPage: {
            items: components["schemas"]["RewardCredit"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        RewardEpoch: {
            epoch: number;
            /** @description Height of a block. */
            height: number;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            minted: string;
            /** @description Verified work, in multiply-adds times the pools' emission weights. */
            work: string;
        };
        RewardEpochPage: {
            items: components["schemas"]["RewardEpoch"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        RotationInput: {
            /**
             * @description How long the text that it has now is still taken, in seconds.
             * @default 0
             */
            grace_s: number;
        };
        Round: {
            accepted: number;
            /** @description Version that its chunks start from. */
            adapterId: number;
            aggregationHeight: number | null;
            auditHeight: number | null;
            closeHeight: number | null;
            committed: number;
            /** @description Last height of the phase; 0 if it has none of its own. */
            endHeight: number;
            expired: number;
            leases: number;
            number: number;
            /** @description Height of a block. */
            openHeight: number;
            /** @enum {string} */
            phase: "waiting" | "training" | "reveal" | "audit" | "aggregation" | "complete" | "carried_over";
            poolId: number;
            resultAdapterId: number | null;
            revealed: number;
            revealHeight: number | null;
            trainingHeight: number | null;
        };
        RoundDetail: {
            accepted: number;
            /** @description Version that its chunks start from. */
            adapterId: number;
            /** @description The sum that made the round's version; null while there is none. */
            adopted: {
                momentumRoot: string | null;
                /** @description Lower-case hexadecimal. */
                root: string;
            } | null;
            aggregationHeight: number | null;
            attestations: components["schemas"]["Attestation"][];
            auditHeight: number | null;
            chunksByStatus: {
                [key: string]: number;
            };
            closeHeight: number | null;
            committed: number;
            /** @description Last height of the phase; 0 if it has none of its own. */
            endHeight: number;
            expired: number;
            leases: number;
            /** @description Submissions that its sum is made without. */
            leftOut: number[];
            number: number;
            /** @description Height of a block. */
            openHeight: number;
            /** @enum {string} */
            phase: "waiting" | "training" | "reveal" | "audit" | "aggregation" | "complete" | "carried_over";
            pool: components["schemas"]["Pool"];
            poolId: number;
            resultAdapterId: number | null;
            revealed: number;
            revealHeight: number | null;
            trainingHeight: number | null;
        };
        RoundPage: {
            items: components["schemas"]["Round"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @enum {string} */
        Scope: "inference" | "keys";
        /** @enum {string} */
        ScopeInput: "inference" | "keys";
        SearchHit: {
            /** @description As the route of that kind takes it. */
            id: string;
            /** @enum {string} */
            kind: "block" | "transaction" | "account" | "pool" | "round" | "submission" | "adapter" | "case" | "dataset" | "model";
            label: string;
        };
        SearchResult: {
            hits: components["schemas"]["SearchHit"][];
        };
        Seat: {
            commitHeight: number | null;
            commitment: string | null;
            commitTransaction: string | null;
            digest: string | null;
            draw: number;
            place: number;
            revealHeight: number | null;
            revealTransaction: string | null;
            root: string | null;
            submissionId: number;
            verdict: ("valid" | "invalid" | "cannot_check" | "update_invalid") | null;
            /** @description A remes1… address. */
            verifier: string;
        };
        ServedModel: {
            /** @description Number of the version on the chain. */
            adapter_id: number | null;
            adapter_root: string | null;
            context_length: number;
            created: number;
            id: string;
            /** @constant */
            object: "model";
            owned_by: string;
            /** @description The backbone of an adapter. */
            parent: string | null;
            pricing: {
                /** @description Credits for a token. */
                completion: number;
                /** @description Credits for a token. */
                prompt: number;
            };
            /** @enum {string} */
            status: "backbone" | "provisional" | "mature" | "local";
        };
        ServedModels: {
            data: components["schemas"]["ServedModel"][];
            /** @constant */
            object: "list";
        };
        Session: {
            address: string;
            /** @description Opens what a key opens, until the session ends; shown this once. */
            key: string;
            record: components["schemas"]["Key"];
        };
        SignInAnswerInput: {
            nonce: string;
            pub_key: {
                /** @constant */
                type: "tendermint/PubKeySecp256k1";
                /**
                 * Format: base64
                 * @description 33 bytes.
                 */
                value: string;
            };
            /**
             * Format: base64
             * @description 64 bytes: r and s, of the text by ADR-36.
             */
            signature: string;
        };
        SignInChallenge: {
            expires_at: string;
            nonce: string;
            /** @description What the wallet signs, letter by letter, by its signArbitrary. */
            text: string;
        };
        SignInRequestInput: {
            address: string;
        };
        Submission: {
            adapterId: number | null;
            chunk: number;
            /** @description Height of a block. */
            commitHeight: number;
            /** @description Lower-case hexadecimal. */
            commitment: string;
            commitTransaction: string | null;
            draws: number;
            id: number;
            late: boolean | null;
            /** @description The sum that was adopted, or led when the round was carried over, is made without it. */
            leftOut: boolean;
            /** @description Sum of the training losses, in 1/65536 bit. */
            lossSum: string | null;
            matureHeight: number | null;
            /** @description A remes1… address. */
            miner: string;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            paid: string;
            poolId: number;
            revealHeight: number | null;
            revealTransaction: string | null;
            round: number;
            settleHeight: number | null;
            /** @enum {string} */
            status: "committed" | "revealed" | "drawn" | "audited" | "accepted" | "uncounted" | "disputed" | "faulty" | "mature";
            stepsRoot: string | null;
            /** @description It is in the sum of its round, whatever becomes of it later. */
            summed: boolean;
            updateCid: string | null;
            updateRoot: string | null;
        };
        SubmissionDetail: {
            adapterId: number | null;
            audits: components["schemas"]["Audit"][];
            caseIds: number[];
            chunk: number;
            /** @description Height of a block. */
            commitHeight: number;
            /** @description Lower-case hexadecimal. */
            commitment: string;
            commitTransaction: string | null;
            credits: components["schemas"]["RewardCredit"][];
            draws: number;
            /** @description Everything that happened to it, oldest first. */
            history: components["schemas"]["NetworkEvent"][];
            id: number;
            late: boolean | null;
            lease: components["schemas"]["Lease"];
            /** @description The sum that was adopted, or led when the round was carried over, is made without it. */
            leftOut: boolean;
            /** @description Sum of the training losses, in 1/65536 bit. */
            lossSum: string | null;
            matureHeight: number | null;
            /** @description A remes1… address. */
            miner: string;
            offences: components["schemas"]["Offence"][];
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            paid: string;
            poolId: number;
            revealHeight: number | null;
            revealTransaction: string | null;
            round: number;
            settleHeight: number | null;
            /** @enum {string} */
            status: "committed" | "revealed" | "drawn" | "audited" | "accepted" | "uncounted" | "disputed" | "faulty" | "mature";
            stepsRoot: string | null;
            /** @description It is in the sum of its round, whatever becomes of it later. */
            summed: boolean;
            updateCid: string | null;
            updateRoot: string | null;
        };
        SubmissionPage: {
            items: components["schemas"]["Submission"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        TrainedAdapter: {
            /** @description Who vouched for its sum. */
            attesters: string[];
            /** @description Address of content, a CIDv1 in base32. */
            cid: string;
            datasetId: number;
            /** @description Height of a block. */
            height: number;
            /** @description Sum over the held-out sample, in 1/65536 bit; divide by 65536 and the sample's predicted tokens for bits per token. */
            heldOutLoss: string;
            id: number;
            matureHeight: number | null;
            /** @description Who trained it. */
            miners: {
                /** @description A remes1… address. */
                miner: string;
                submissions: number;
            }[];
            modelId: number;
            momentumRoot: string | null;
            /** @description 0 is the model's fresh adapter. */
            parentId: number;
            poolId: number;
            /** @description Lower-case hexadecimal. */
            root: string;
            round: number;
            /** @enum {string} */
            status: "provisional" | "mature" | "recalled";
            submissions: number;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
        };
        Transaction: {
            /** @description 0 when it was executed. */
            code: number;
            codespace: string;
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            fee: string;
            gasUsed: number;
            gasWanted: number;
            /** @description Lower-case hexadecimal. */
            hash: string;
            /** @description Height of a block. */
            height: number;
            index: number;
            /** @description Text as somebody wrote it: never to be interpreted. */
            log: string;
            /** @description Text as somebody wrote it: never to be interpreted. */
            memo: string;
            messageTypes: string[];
            /** @description A remes1… address. */
            payer: string;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
        };
        TransactionDetail: {
            /** @description The transaction as it stands in the block, in hexadecimal. */
            bytes: string;
            /** @description 0 when it was executed. */
            code: number;
            codespace: string;
            eventItems: components["schemas"]["NetworkEvent"][];
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            fee: string;
            gasUsed: number;
            gasWanted: number;
            /** @description Lower-case hexadecimal. */
            hash: string;
            /** @description Height of a block. */
            height: number;
            index: number;
            /** @description Text as somebody wrote it: never to be interpreted. */
            log: string;
            /** @description Text as somebody wrote it: never to be interpreted. */
            memo: string;
            messages: {
                type: string;
                /** @description Its fields, or its bytes in hexadecimal when unknown. */
                value: unknown;
            }[];
            messageTypes: string[];
            /** @description A remes1… address. */
            payer: string;
            /** @description Time of the block, in milliseconds since 1970, as its proposer and voters say. */
            timeMs: number;
        };
        TransactionPage: {
            items: components["schemas"]["Transaction"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        Unbonding: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            amount: string;
            /** @description Height of a block. */
            height: number;
            id: number;
            /** @description A remes1… address. */
            owner: string;
            paid: string | null;
            paidHeight: number | null;
            /** @description Height of a block. */
            releaseHeight: number;
            /** @enum {string} */
            role: "miner" | "verifier" | "storage_provider" | "inference_provider";
        };
        Usage: {
            completion_tokens: number;
            prompt_tokens: number;
            total_tokens: number;
        };
        WalletChain: {
            /** @description The argument of a wallet's experimentalSuggestChain; null where no node is named that wallets may use. */
            chain: {
                bech32Config: {
                    [key: string]: string;
                };
                bip44: {
                    coinType: number;
                };
                chainId: string;
                chainName: string;
                currencies: {
                    coinDecimals: number;
                    coinDenom: string;
                    coinMinimalDenom: string;
                }[];
                feeCurrencies: {
                    coinDecimals: number;
                    coinDenom: string;
                    coinMinimalDenom: string;
                    gasPriceStep: {
                        average: number;
                        high: number;
                        low: number;
                    };
                }[];
                rest: string;
                rpc: string;
                stakeCurrency: {
                    coinDecimals: number;
                    coinDenom: string;
                    coinMinimalDenom: string;
                };
            } | null;
        };
        Withdrawal: {
            /** @description In uremes, millionths of a REMES, as a decimal string. */
            amount: string;
            /** @description Height of a block. */
            height: number;
            index: number;
            /** @description A remes1… address. */
            owner: string;
            transaction: string | null;
        };
        WithdrawalPage: {
            items: components["schemas"]["Withdrawal"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
