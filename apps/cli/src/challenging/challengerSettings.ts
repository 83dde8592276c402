/** What a challenger may be told, beside what every participant is. */
import { stepSettings } from "@r3mes/participant/process";
import { z } from "zod";

export const challengerSettings = { challenge: z.object(stepSettings) } as const;
