import { refused, rows, type Story } from '../row.ts'

/** What a user may do who is not an administrator. */
export const asStories: readonly Story[] = [
  {
    name: 'as',
    rows: [
      'create role reader --verb=get,list --resource=pods,configmaps',
      'create rolebinding readers --role=reader --user=someone --group=some',
      'create configmap a --from-literal=x=1',
      ...rows(
        'get cm a --as=someone -o name',
        'get pods --as=somebody --as-group=some',
        'auth can-i list pods --as=someone',
        'auth can-i --list --as=someone',
        'auth whoami --as=someone --as-group=some',
        'auth whoami --as=system:serviceaccount:as:default',
      ),
      refused('auth can-i delete pods --as=someone'),
      refused('auth can-i list pods --as=nobody'),
      refused('get cm --as=nobody'),
      refused('get cm a --as=nobody'),
      refused('get nodes --as=someone'),
      refused('get sn -A --as=someone'),
      refused('delete cm a --as=someone'),
      refused('create configmap b --as=someone'),
      refused('label cm a x=y --as=someone'),
      refused('scale deployment web --replicas=1 --as=someone'),
      refused('get --raw /metrics --as=someone'),
      refused('get cm a -n elsewhere --as=someone'),
      refused('logs nothing --as=nobody'),
      refused('create role more --verb=delete --resource=pods --as=someone'),
      refused('get secrets --as=system:serviceaccount:as:default'),
      refused('delete cm a --as=someone --now'),
      'get cm a -o name',
    ],
  },
]
