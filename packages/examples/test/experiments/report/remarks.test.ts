import { expect, test } from 'vitest';
import type { Budget, Experiment } from '../../../src/experiments/common/experiment.ts';
import type { Provenance } from '../../../src/experiments/common/provenance.ts';
import { provenanceRemarks } from '../../../src/experiments/report/remarks.ts';
import type { Section } from '../../../src/experiments/report/section.ts';

const here: Provenance = {
  version: '1.2.3',
  commit: 'abc1234',
  runtime: 'node v20.19.0',
  kernels: 'strict',
  processor: 'a processor',
  threads: 2,
};

function section(title: string, budget: Budget, made: Provenance | null): Section {
  const parts = [{ config: {}, outcome: {}, measured: { seconds: 1.5 } }];
  return {
    experiment: { title } as Experiment,
    results: { experiment: title, budget, made, parts },
    presentation: { headline: '', findings: [], figures: [] },
  };
}

test('equal provenance is given once, with the seconds of all', () => {
  const [remark] = provenanceRemarks([section('One', 'quick', here), section('Two', 'quick', { ...here })]);
  expect(remark).toBe(
    'Budget “quick”, 3 seconds of processor time over all threads. Chronograd 1.2.3, commit abc1234; node v20.19.0, strict kernels, float32 by default; a processor, 2 threads.',
  );
});

test('results of different provenance are named, and missing provenance is reported as missing', () => {
  const other = { ...here, processor: 'another', commit: null };
  const remarks = provenanceRemarks([
    section('One', 'quick', here),
    section('Two', 'full', here),
    section('Three', 'quick', other),
    section('Four', 'quick', null),
  ]);
  expect(remarks.slice(0, 4).map((remark) => remark.split(':')[0])).toEqual(['One', 'Two', 'Three', 'Four']);
  expect(remarks[1]).toContain('Budget “full”');
  expect(remarks[2]).toMatch(/Chronograd 1\.2\.3; node.*another/);
  expect(remarks[3]).toContain('Provenance was not recorded.');
});
