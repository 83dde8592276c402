/** What an operator sees of answers: how many tokens, how soon, how they ended, and how many wait. */
import type { Metrics } from "@r3mes/service";
import type { ModelWorker } from "../inference/createModelWorker.ts";

export interface AnswerMetrics {
  promptTokens(count: number): void;
  /** One token was sent. */
  token(): void;
  firstToken(seconds: number): void;
  /** `ending` is why an answer ended, `cancelled`, or the code of a failure. */
  ended(ending: string): void;
}

export function createAnswerMetrics(
  metrics: Metrics,
  worker: Pick<ModelWorker, "load" | "restarts">,
): AnswerMetrics {
  const tokens = metrics.counter({
    name: "r3mes_inference_tokens_total",
    help: "Tokens of prompts that were begun, and of answers that were sent.",
    labels: ["kind"],
  });
  const ended = metrics.counter({
    name: "r3mes_inference_answers_total",
    help: "Answers by why they ended, cancelled, or the code of a failure.",
    labels: ["ending"],
  });
  const firstToken = metrics.histogram({
    name: "r3mes_inference_first_token_seconds",
    help: "From the acceptance of a request to its first token.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  });
  const requests = metrics.gauge({
    name: "r3mes_inference_requests",
    help: "Requests that are under way, and requests that wait.",
    labels: ["state"],
  });
  const restarts = metrics.gauge({
    name: "r3mes_inference_worker_restarts",
    help: "How often the model's worker had to be started again.",
  });
  const show = () => {
    const { active, waiting } = worker.load();
    requests.set({ state: "active" }, active);
    requests.set({ state: "waiting" }, waiting);
    restarts.set(worker.restarts());
  };
  show();
  return {
    promptTokens: (count) => tokens.inc({ kind: "prompt" }, count),
    token: () => tokens.inc({ kind: "completion" }),
    firstToken(seconds) {
      firstToken.observe(seconds);
      show();
    },
    ended(ending) {
      ended.inc({ ending });
      show();
    },
  };
}
