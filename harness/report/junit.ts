import type { ReportedCampaign } from './campaign.ts';

function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold these, even escaped
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '')
  );
}

/**
 * JUnit's XML as CI services read it: a suite for each campaign, a case for each kind of failure, one for what is unknown and one
 * for what passed.
 */
export function toJunit(campaigns: readonly ReportedCampaign[]): string {
  const suites = campaigns.map((campaign) => {
    const name = escapeXml([campaign.system, ...campaign.flaws].join('+'));
    const cases: string[] = [];
    for (const { signature, first, seeds } of campaign.failures) {
      const anomaly = first.verdicts.find(({ checker }) => checker === signature.checker)?.anomalies[0];
      const text = `${anomaly?.explanation ?? ''}\n\nseeds: ${seeds.join(', ')}\nreplay: sixways replay ${first.history ?? ''}`;
      cases.push(
        `    <testcase classname="${name}" name="${escapeXml(`${signature.checker}: ${signature.anomaly}`)}">\n` +
          `      <failure message="${escapeXml(`first by seed ${first.seed}`)}">${escapeXml(text)}</failure>\n    </testcase>`,
      );
    }
    const unknown = [
      ...campaign.reasons,
      ...campaign.unknown.map(({ seed, reasons }) => `seed ${seed}: ${reasons.join('; ')}`),
    ];
    if (unknown.length > 0) {
      cases.push(
        `    <testcase classname="${name}" name="unknown">\n      <error message="${unknown.length} without a verdict">${escapeXml(unknown.join('\n'))}</error>\n    </testcase>`,
      );
    }
    cases.push(`    <testcase classname="${name}" name="${campaign.counts.valid} seeds valid"/>`);
    const errors = unknown.length > 0 ? 1 : 0;
    const time = (campaign.realMilliseconds / 1000).toFixed(3);
    return `  <testsuite name="${name}" tests="${cases.length}" failures="${campaign.failures.length}" errors="${errors}" time="${time}">\n${cases.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}
