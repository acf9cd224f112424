/** A customer: the number of its answer is its own. */
export default () => ({
  async invoke({ key }) {
    const response = await fetch(`http://api:3000/answers/${key}`, {
      method: 'POST',
      signal: AbortSignal.timeout(800),
    });
    const { answer, error } = await response.json();
    if (response.status === 200) return { type: 'ok', value: answer };
    return { type: response.status === 429 ? 'fail' : 'info', error };
  },
});
