/** Tailwind is the only style processor. */
export default { plugins: { "@tailwindcss/postcss": {} } };
