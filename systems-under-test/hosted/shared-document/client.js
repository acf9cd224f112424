/** An editor: works with one server, and with another one when that does not answer. */
export default ({ hosts, host }) => {
  const servers = hosts.document;
  let nth = Number(host.replace(/\D/g, ''));
  return {
    async invoke({ f, key, value }) {
      const node = servers[nth % servers.length];
      const item = `${key}=${value}`;
      const [method, path] = { add: ['PUT', item], remove: ['DELETE', item], read: ['GET', ''] }[f];
      try {
        const response = await fetch(`http://${node}:3000/items/${path}`, {
          method,
          signal: AbortSignal.timeout(500),
        });
        const text = await response.text();
        if (!response.ok) return { type: 'info', error: response.status, node };
        if (f !== 'read') return { type: 'ok', value, node };
        const mine = JSON.parse(text).filter((each) => each.startsWith(`${key}=`));
        return { type: 'ok', value: [...new Set(mine)].map((each) => Number(each.split('=')[1])), node };
      } catch (error) {
        nth++;
        throw error;
      }
    },
  };
};
