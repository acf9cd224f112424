/** The arrows of the house: who may import whom. Tests may import anything, and so may the unmodified programs of examples. */
const CODE = { pathNot: '\\.test\\.ts$|/testing/|^systems-under-test/hosted/[^/]+/app/' };
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, ...CODE },
  to: { path: '^(harness|histories|checkers|nemeses|systems-under-test)/', pathNot: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: CODE,
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('histories-alone', '^histories/', ['^histories/'], 'histories/ is at the bottom.'),
    only(
      'checkers-see-histories',
      '^checkers/',
      ['^checkers/', '^histories/'],
      'Checkers see the history alone.',
    ),
    only(
      'contract-is-types',
      '^harness/contract/',
      ['^harness/contract/', '^histories/'],
      'The contract knows no implementation.',
    ),
    only(
      'nemeses-by-contract',
      '^nemeses/',
      ['^nemeses/', '^harness/contract/'],
      'Nemeses act through levers.',
    ),
    only(
      'systems-by-contract',
      '^systems-under-test/',
      ['^systems-under-test/', '^harness/contract/'],
      'Systems reach the world through Host.',
    ),
    only(
      'simulator-by-contract',
      '^harness/simulator/',
      ['^harness/simulator/', '^harness/contract/', '^histories/'],
      '',
    ),
    only(
      'workload-by-contract',
      '^harness/workload/',
      ['^harness/workload/', '^harness/contract/', '^histories/'],
      '',
    ),
    only('plan-by-contract', '^harness/plan/', ['^harness/plan/', '^harness/contract/', '^histories/'], ''),
    only(
      'live-by-contract',
      '^harness/live/',
      ['^harness/live/', '^harness/simulator/', '^harness/contract/', '^histories/'],
      'Of the simulator it takes seeded draws.',
    ),
    only(
      'hosted-by-contract',
      '^harness/hosted/',
      ['^harness/hosted/', '^harness/contract/'],
      'Unmodified programs reach the world through Host and its Native.',
    ),
    only(
      'controller-below-campaign',
      '^harness/controller/',
      ['^harness/(controller|plan|workload|simulator|contract)/', '^histories/', '^checkers/'],
      '',
    ),
    only(
      'campaign-below-cli',
      '^harness/campaign/',
      ['^harness/(campaign|controller|plan|workload|simulator|contract)/', '^histories/', '^checkers/'],
      'Only the command line knows the registries.',
    ),
    only(
      'compare-below-cli',
      '^harness/compare/',
      [
        '^harness/(compare|campaign|controller|plan|workload|simulator|contract)/',
        '^histories/',
        '^checkers/',
      ],
      'Only the command line knows the registries.',
    ),
    only(
      'report-below-cli',
      '^harness/report/',
      ['^harness/(report|compare|controller|plan|workload|simulator|contract)/', '^histories/', '^checkers/'],
      '',
    ),
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.test\\.ts$',
          '\\.config\\.ts$',
          '^index\\.ts$',
          '^bench/',
          '^systems-under-test/hosted/[^/]+/client\\.(ts|js)$',
        ],
      },
      to: {},
    },
    {
      name: 'not-to-test',
      comment: 'The soak, which is not shipped, runs tests and knows their table.',
      severity: 'error',
      from: { pathNot: [CODE.pathNot, '^bench/'] },
      to: { path: '\\.test\\.ts$|/testing/' },
    },
    {
      name: 'simulated-code-has-no-builtins',
      comment: 'Simulated code must not reach the machine it runs on.',
      severity: 'error',
      from: {
        path: '^(nemeses|systems-under-test|harness/contract|harness/workload)/',
        pathNot: `^systems-under-test/live/|${CODE.pathNot}`,
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
