/** Calls `make` once for each key and keeps what it made; past `capacity` keys it begins anew. */
export const memoized = <K, V>(make: (key: K) => V, capacity = 1_000): ((key: K) => V) => {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (made.size >= capacity) made.clear();
    made.set(key, value);
    return value;
  };
};
