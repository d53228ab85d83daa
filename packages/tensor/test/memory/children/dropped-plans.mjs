// Many models with plans, one after another, as in a study of many trainings. Each is dropped, none
// is disposed.
import { memory, ones, Parameter, plan, zeros } from '../../../dist/index.js';

const report = { most: 0 };
for (let i = 0; i < 80; i++) {
  // From the weights there is a way to the plan that reads them.
  const weights = new Parameter(zeros([512]));
  const planned = plan((x) => {
    let y = x;
    for (let k = 0; k < 30; k++) y = y.add(weights);
    // As a tape does: from then on the plan watches the parameter.
    if (weights.frozen) y = x;
    return y.sum();
  });
  Object.defineProperty(weights, 'step', { value: planned });
  planned(ones([256, 512]));
  // Others get a turn now and then, as between the parts of a study.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const { plans, heapBytes } = memory();
  report.most = Math.max(report.most, plans.recordings);
  report.one ??= plans.bytes;
  report.heapBytes = heapBytes;
}
console.log(JSON.stringify(report));
