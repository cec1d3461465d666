import { createRows } from '../../kubectl/create-rows.ts'
import { refused, rows, type Story } from '../row.ts'

/** What has no place in a namespace goes again. */
const wide = createRows
  .map(({ object }) => object)
  .filter((object) => /^(namespace|clusterrole)/.test(object))

/** The commands that make objects from flags, which they send in protobuf. */
export const createStories: readonly Story[] = [
  {
    name: 'create',
    rows: [
      ...createRows.flatMap(({ args, object }) => [
        `create ${args}`,
        // What a Job's controller adds is not there yet, or already is.
        object.startsWith('job') ? `get ${object} -o jsonpath={.spec}` : `get ${object} -o yaml`,
        ...(object.startsWith('job') ? [] : [`get ${object}`]),
        // Data comes in no order.
        ...(object.startsWith('job') ? [] : [{ line: `describe ${object}`, unordered: true } as const]),
      ]),
      'delete job once --cascade=foreground',
      ...rows(
        'create token default --duration=10m',
        "create cronjob daily --image=busybox --schedule='0 0 * * *' -- true",
        'get cronjob daily -o yaml',
        'get cj',
        'get cj -o wide',
        'create quota few --hard=pods=2,limits.cpu=1',
        'get quota few -o jsonpath={.spec}',
        'delete quota few',
        'create job from-one --image=busybox --dry-run=server -o yaml',
        'run alone --image=nginx --port=80 --env=A=B --labels=app=alone --restart=Never',
        'wait --for=condition=Ready pod/alone --timeout=30s',
        'get pod alone',
        'get pod alone -o wide',
        'get pod alone -o yaml',
        'get pods',
        'get pods --field-selector status.phase=Running -o name',
        'get pods --field-selector spec.nodeName=none',
        'expose pod alone --name=seen --target-port=http',
        'get svc seen -o yaml',
        'expose deployment web --port=80 --type=NodePort --name=shown',
        'get svc shown -o yaml',
        'get deployments,svc,cm,secrets,roles,rolebindings -o name',
        `delete ${wide.join(' ')}`,
      ),
      refused('create configmap plain'),
      refused('create secret generic Made'),
      refused('create configmap a -n nowhere'),
      refused('create deployment a_b --image=i'),
      refused('create token nobody'),
    ],
  },
]
