/** Lists come in pages, the newest record first. */
import { z } from "zod";

export const pageQuery = z.object({
  cursor: z
    .string()
    .max(128)
    .optional()
    .describe("The `next` of the page before; the first page is without."),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function pageOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({
      items: z.array(item),
      next: z.string().nullable().describe("Cursor of the next page; null on the last."),
    })
    .meta({ id });
}
