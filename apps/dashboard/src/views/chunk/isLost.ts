/** Whether no later block can bring a submission pay. */
import type { Submission } from "../../api/records.ts";

export function isLost({ status }: Pick<Submission, "status">): boolean {
  return status === "faulty" || status === "uncounted";
}
