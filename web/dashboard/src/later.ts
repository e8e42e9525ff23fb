// Pages that few begin with.
export { Audit } from './audit/Audit';
export { Rules } from './definitions/Rules';
export { Metric } from './reports/Metric';
export { People } from './reports/People';
export { Reports } from './reports/Reports';
