/**
 * Generated query clients over the node's own `abci_query`: one connection serves every module, in Node and in a browser,
 * and can ask at a past height.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import type { ChainRpc } from "../rpc/chainRpc.ts";
import { refusalInWords } from "../transactions/refusal.ts";

/** `height` 0 asks the latest committed state. */
export function queryTransport(rpc: ChainRpc, height = 0n): Transport {
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
        message: fromBinary(method.output, answer.value),
        contextValues: createContextValues(),
      };
    },
    stream() {
      throw new ConnectError("the chain has no streaming queries", Code.Unimplemented);
    },
  } as Transport;
}
