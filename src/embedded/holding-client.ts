import type { KubeClient } from '../kube/types.ts'
import { realWall, whileHeld, type Wall } from './wall.ts'

/** The same client, but the wall is held while one of its requests is under way, its repeats included. Watches do not count. */
export function holdingClient(kube: KubeClient, wall: Wall): KubeClient {
  if (wall === realWall) return kube
  const held = <A extends unknown[], R>(send: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return (...args) => whileHeld(wall, () => send(...args))
  }
  return {
    ...kube,
    get: held(kube.get) as KubeClient['get'],
    find: held(kube.find) as KubeClient['find'],
    list: held(kube.list) as KubeClient['list'],
    create: held(kube.create) as KubeClient['create'],
    replace: held(kube.replace) as KubeClient['replace'],
    patch: held(kube.patch) as KubeClient['patch'],
    apply: held(kube.apply) as KubeClient['apply'],
    delete: held(kube.delete) as KubeClient['delete'],
    request: held(kube.request) as KubeClient['request'],
  }
}
