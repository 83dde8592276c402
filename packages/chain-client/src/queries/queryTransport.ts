/**
 * Generated query clients over the node's own `abci_query`: one connection serves every module, in Node and in a browser,
 * and can ask at a past height.
 */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import type { ChainRpc } from "../rpc/chainRpc.ts";
import { refusalInWords } from "../transactions/refusal.ts";

/** What the bytes of an answer say. */
export type DecodeAnswer = <Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
) => MessageShape<Desc>;

/** `height` 0 asks the latest committed state. `decode` is for whoever gets the same bytes again and again. */
export function queryTransport(
  rpc: ChainRpc,
  height = 0n,
  decode: DecodeAnswer = fromBinary,
): Transport {
  return {
    async unary(method, signal, _timeoutMs, _header, input) {
      signal?.throwIfAborted();
      const path = `/${method.parent.typeName}/${method.name}`;
      const request = toBinary(method.input, create(method.input, input));
      const answer = await rpc.query(path, request, height);
      if (answer.code !== 0) throw refusalInWords(answer, { query: path });
      return {
        stream: false,
        service: method.parent,
        method,
        header: new Headers(),
        trailer: new Headers(),
        message: decode(method.output, answer.value),
        contextValues: createContextValues(),
      };
    },
    stream() {
      throw new ConnectError("the chain has no streaming queries", Code.Unimplemented);
    },
  } as Transport;
}
