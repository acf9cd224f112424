// The customers: each order is sent to one of the servers, and waits as long as a customer does. Who got no answer asks another one.
const PATIENCE = 1200;

/** How often each order was sent. */
const sent = new Map();

export default function client({ hosts }) {
  const serverOf = (order) => {
    const times = sent.get(order) ?? 0;
    sent.set(order, times + 1);
    return hosts.api[(order + times) % hosts.api.length];
  };
  return {
    async invoke({ f, value }) {
      if (f === 'read') {
        const response = await fetch('http://payments:4000/charges', {
          signal: AbortSignal.timeout(PATIENCE),
        });
        const charges = await response.json();
        return { type: 'ok', value: charges.map(({ order }) => Number(order)) };
      }
      const response = await fetch(`http://${serverOf(value)}:3000/orders/${value}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ amount: 10 }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      const body = await response.json();
      if (response.status === 201) return { type: 'ok', value };
      // Busy: somebody else was at this order, and this request did nothing. Otherwise nobody knows how far it came.
      return { type: response.status === 409 ? 'fail' : 'info', error: body.error };
    },
  };
}
