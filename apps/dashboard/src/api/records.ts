/** The records of the API by their names, as its OpenAPI document describes them. */
import type { components } from "../gen/openapi.ts";

type Schemas = components["schemas"];

export type IndexStatus = Schemas["IndexStatus"];
export type NetworkSummary = Schemas["NetworkSummary"];
export type PoolSummary = NetworkSummary["pools"][number];
export type TrainedAdapter = Schemas["TrainedAdapter"];
export type Adapter = Schemas["Adapter"];
export type AdapterDetail = Schemas["AdapterDetail"];
export type Round = Schemas["Round"];
export type PoolMeasures = Schemas["PoolMeasures"];
export type RoundDetail = Schemas["RoundDetail"];
export type Chunk = Schemas["Chunk"];
export type ChunkDetail = Schemas["ChunkDetail"];
export type Lease = Schemas["Lease"];
export type Submission = Schemas["Submission"];
export type SubmissionDetail = Schemas["SubmissionDetail"];
export type Audit = Schemas["Audit"];
export type Seat = Schemas["Seat"];
export type Attestation = Schemas["Attestation"];
export type Case = Schemas["Case"];
export type CaseDetail = Schemas["CaseDetail"];
export type CaseMove = Schemas["CaseMove"];
export type AccountDetail = Schemas["AccountDetail"];
export type Earning = Schemas["Earning"];
export type Bond = Schemas["Bond"];
export type KnownAccount = Schemas["KnownAccount"];
export type Credit = Schemas["RewardCredit"];
export type Offence = Schemas["Offence"];
export type Block = Schemas["Block"];
export type BlockDetail = Schemas["BlockDetail"];
export type Transaction = Schemas["Transaction"];
export type TransactionDetail = Schemas["TransactionDetail"];
export type NetworkEvent = Schemas["NetworkEvent"];
export type EventKind = NetworkEvent["kind"];
export type SearchHit = Schemas["SearchHit"];
export type SearchResult = Schemas["SearchResult"];
export type ServedModel = Schemas["ServedModel"];
export type OwnAccount = Schemas["OwnAccount"];
export type ApiKey = Schemas["Key"];
export type NewApiKey = Schemas["NewKeyInput"];
export type MadeKey = Schemas["MadeKey"];
export type Receipt = Schemas["Receipt"];
export type ReplayInputRecords = Schemas["ReplayInputs"];
export type FolderEntries = Schemas["FolderEntries"];

/** One page of a list, the newest record first. */
export type PageOf<Item> = { readonly items: readonly Item[]; readonly next: string | null };
