/** What several ask for and one makes: kept by its key. What fails is tried again by whoever asks next. */

/** Beyond `most` the oldest makes room. */
export function kept<K, T>(
  cache: Map<K, Promise<T>>,
  key: K,
  make: () => Promise<T>,
  most = Number.POSITIVE_INFINITY,
): Promise<T> {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const made = make();
  cache.set(key, made);
  made.catch(() => {
    // The key may be another's by now: this one may have made room meanwhile.
    if (cache.get(key) === made) cache.delete(key);
  });
  if (cache.size > most) cache.delete(cache.keys().next().value!);
  return made;
}
