// A thousand timers, each set again when it fires, every millisecond.
for (let timer = 0; timer < 1000; timer++) {
  const again = () => setTimeout(again, 1);
  again();
}
