/**
 * The package's second door: messages, queries, events and records of the chain, generated from
 * `proto/`. It stands apart because the generated descriptors cost more to load than all the rest, and
 * engines and browsers need none of them.
 */
export {
  dont_omitempty as aminoDontOmitEmpty,
  name as aminoName,
} from "./gen/proto/amino/amino_pb.ts";
export * from "./gen/proto/remes/v1/adapter_pb.ts";
export * from "./gen/proto/remes/v1/aggregation_pb.ts";
export * from "./gen/proto/remes/v1/beacon_pb.ts";
export * from "./gen/proto/remes/v1/chunk_pb.ts";
export * from "./gen/proto/remes/v1/dataset_pb.ts";
export * from "./gen/proto/remes/v1/dispute_pb.ts";
export * from "./gen/proto/remes/v1/events_pb.ts";
export * from "./gen/proto/remes/v1/genesis_pb.ts";
export * from "./gen/proto/remes/v1/merkle_pb.ts";
export * from "./gen/proto/remes/v1/model_pb.ts";
export * from "./gen/proto/remes/v1/params_pb.ts";
export * from "./gen/proto/remes/v1/participant_pb.ts";
export * from "./gen/proto/remes/v1/pool_pb.ts";
export * from "./gen/proto/remes/v1/query_pb.ts";
export * from "./gen/proto/remes/v1/reward_pb.ts";
export * from "./gen/proto/remes/v1/submission_pb.ts";
export * from "./gen/proto/remes/v1/tx_pb.ts";
export * from "./gen/proto/remes/v1/verification_pb.ts";
