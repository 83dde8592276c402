import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { NetworkEvent } from "../../api/records.ts";
import { EventHistory } from "./EventHistory.tsx";

const hostile = `<img src=x onerror="alert(1)">`;

test("what somebody wrote is shown as text", () => {
  const event: NetworkEvent = {
    id: "7-1",
    kind: "registry",
    type: "DatasetProposed",
    height: 7,
    index: 1,
    timeMs: 0,
    transaction: null,
    data: { name: hostile, nested: { deep: hostile } },
    poolId: null,
    round: null,
    submissionId: null,
    adapterId: null,
    caseId: null,
    accounts: [],
  };
  const html = renderToStaticMarkup(createElement(EventHistory, { events: [event] }));
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img");
  expect(html).toContain("dataset proposed");
});
