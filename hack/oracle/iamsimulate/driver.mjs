// Answers one JSON line with one JSON line, in order: what @cloud-copilot/iam-simulate makes of a bucket policy.
// In:  {"policy": {...}, "principal", "action", "resource", "account", "context": {"key": ["value"]}}
// Out: {"result": "Allowed"} or, when the simulator does not take the pair, {"error": "..."}
import { createInterface } from 'node:readline'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

const results = {
  Allowed: 'Allowed',
  AllowedForAccount: 'Allowed',
  ImplicitlyDenied: 'ImplicitDeny',
  ExplicitlyDenied: 'ExplicitDeny',
  DeniedForAccount: 'ExplicitDeny',
}

async function answer(line) {
  const { policy, principal, action, resource, account, context } = JSON.parse(line)
  const simulation = {
    request: {
      principal: principal === 'anonymous' ? anonymousPrincipal : principal,
      action,
      resource: { resource, accountId: account },
      contextVariables: context,
    },
    identityPolicies: [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policy,
  }
  const run = await runSimulation(simulation, { simulationMode: 'Strict' })
  if (run.resultType === 'error') {
    const [first] = run.errors.resourcePolicyErrors ?? [run.errors]
    return { error: first.message }
  }
  if (run.resultType !== 'single') {
    return { error: 'the resource has a wildcard' }
  }
  if (run.result.ignoredContextKeys.length > 0) {
    return { error: `the action has no ${run.result.ignoredContextKeys[0]}` }
  }
  return { result: results[run.result.analysis.resourceAnalysis.result] }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(line).catch((e) => ({ error: e.message }))) + '\n')
}
