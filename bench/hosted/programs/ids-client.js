export default () => ({
  async invoke() {
    const response = await fetch('http://api:3000/ids', { method: 'POST' });
    const { id } = await response.json();
    return { type: 'ok', value: id };
  },
});
