import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ChainRpc } from "@r3mes/chain-client";
import { Query } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { queryRecords } from "./records.ts";

/** Of a chain that was exported: what it begins with was registered before it. */
const heights = (records: number) => Array.from({ length: records }, (_, i) => BigInt(-i));

/** A node that has as many of each record, and shows two on a page. */
function node(records: number): Pick<ChainRpc, "query"> {
  return {
    async query(path, data) {
      const method = Query.methods.find(({ name }) => path.endsWith(`/${name}`))!;
      const asked = fromBinary(method.input as DescMessage, data) as unknown as {
        readonly pagination?: { readonly key: Uint8Array };
      };
      const at = asked.pagination?.key[0] ?? 0;
      const nextKey = at + 2 < records ? Uint8Array.of(at + 2) : new Uint8Array(0);
      const { message } = method.output.field[method.localName as never] as {
        message: DescMessage;
      };
      const rows = heights(records).slice(at, at + 2);
      const page = create(method.output as DescMessage, {
        [method.localName]: rows.map((height) => create(message, { height })),
        pagination: { nextKey },
      });
      return { code: 0, value: toBinary(method.output as DescMessage, page) } as never;
    },
  };
}

test("a chain may begin with more records than a page holds", async () => {
  const founding = await queryRecords(node(5)).founding();
  for (const records of Object.values(founding)) {
    expect(records.map(({ height }) => height)).toEqual(heights(5));
  }
});
