/** What somebody asks a model for: the same for both sides of a comparison, save the model. */

export type Question = {
  readonly model: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
};
