package clients

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/pager"
)

// started waits until the caches of a factory are filled; a server that answers sendInitialEvents wrongly never fills them.
func started[K comparable](t *testing.T, synced func(<-chan struct{}) map[K]bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for kind, ok := range synced(ctx.Done()) {
		if !ok {
			t.Fatalf("the informer of %v has no initial state", kind)
		}
	}
}

func TestInformersOfBuiltInKinds(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		factory := informers.NewSharedInformerFactory(c.typed, 0)
		for _, informer := range []cache.SharedIndexInformer{
			factory.Core().V1().ConfigMaps().Informer(), factory.Core().V1().Pods().Informer(),
			factory.Core().V1().Services().Informer(), factory.Core().V1().PersistentVolumeClaims().Informer(),
			factory.Core().V1().Events().Informer(), factory.Core().V1().Namespaces().Informer(),
			factory.Apps().V1().StatefulSets().Informer(), factory.Batch().V1().Jobs().Informer(),
			factory.Coordination().V1().Leases().Informer(), factory.Discovery().V1().EndpointSlices().Informer(),
			factory.Events().V1().Events().Informer(), factory.Rbac().V1().ClusterRoles().Informer(),
		} {
			must(t, informer.SetWatchErrorHandlerWithContext(func(_ context.Context, r *cache.Reflector, err error) {
				if t.Context().Err() == nil {
					t.Errorf("%s: %v", r.TypeDescription(), err)
				}
			}))
		}
		factory.Start(t.Context().Done())
		started(t, factory.WaitForCacheSync)
		maps := c.typed.CoreV1().ConfigMaps(namespace)
		_, err := maps.Create(t.Context(), configMap(namespace, "a"), metav1.CreateOptions{})
		must(t, err)
		text := "\u2028 <>& é 😀"
		patch := []byte(fmt.Sprintf(`{"data":{"text":%q}}`, text))
		_, err = maps.Patch(t.Context(), "a", types.MergePatchType, patch, metav1.PatchOptions{})
		must(t, err)
		lister := factory.Core().V1().ConfigMaps().Lister().ConfigMaps(namespace)
		eventually(t, "the change arrives", func() (bool, string) {
			seen, err := lister.Get("a")
			return err == nil && seen.Data["text"] == text, fmt.Sprint(err)
		})
		must(t, maps.Delete(t.Context(), "a", metav1.DeleteOptions{}))
		eventually(t, "the deletion arrives", func() (bool, string) {
			_, err := lister.Get("a")
			return isGone(err), fmt.Sprint(err)
		})
	})
}

func TestInformersOfCustomResourcesAndMetadata(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		for _, name := range []string{"a", "b", "c"} {
			_, err := c.free.Resource(gadgets).Namespace(namespace).Create(t.Context(), gadget(namespace, name, nil), metav1.CreateOptions{})
			must(t, err)
		}
		whole := dynamicinformer.NewFilteredDynamicSharedInformerFactory(c.free, 0, namespace, nil)
		objects := whole.ForResource(gadgets).Lister()
		partial := metadatainformer.NewFilteredSharedInformerFactory(metadata.NewForConfigOrDie(c.config), 0, namespace, nil)
		headers := partial.ForResource(gadgets).Lister()
		whole.Start(t.Context().Done())
		partial.Start(t.Context().Done())
		started(t, whole.WaitForCacheSync)
		started(t, partial.WaitForCacheSync)
		for _, lister := range []cache.GenericLister{objects, headers} {
			if list, _ := lister.List(labels.Everything()); len(list) != 3 {
				t.Errorf("%d objects", len(list))
			}
		}
	})
}

func TestPages(t *testing.T) {
	c := connect(t, "")
	namespace := newNamespace(t, c)
	resource := c.free.Resource(gadgets).Namespace(namespace)
	for index := range 120 {
		_, err := resource.Create(t.Context(), gadget(namespace, fmt.Sprintf("g%03d", index), nil), metav1.CreateOptions{})
		must(t, err)
	}
	pages := 0
	list := pager.New(func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		pages++
		return resource.List(ctx, options)
	})
	list.PageSize = 50
	all, _, err := list.List(t.Context(), metav1.ListOptions{})
	must(t, err)
	if items, _ := meta.ExtractList(all); len(items) != 120 || pages != 3 {
		t.Errorf("%d objects on %d pages", len(items), pages)
	}
}

func TestExpiredPages(t *testing.T) {
	c := connect(t, "")
	version, err := c.typed.Discovery().ServerVersion()
	must(t, err)
	if !strings.Contains(version.GitVersion, "embedded") {
		t.Skip("other servers forget by time, after minutes")
	}
	namespace := newNamespace(t, c)
	resource := c.free.Resource(gadgets).Namespace(namespace)
	for index := range 120 {
		_, err := resource.Create(t.Context(), gadget(namespace, fmt.Sprintf("g%03d", index), nil), metav1.CreateOptions{})
		must(t, err)
	}
	first, err := resource.List(t.Context(), metav1.ListOptions{Limit: 50})
	must(t, err)
	// More changes than the server remembers.
	for index := range 4100 {
		patch := []byte(fmt.Sprintf(`{"spec":{"size":%d}}`, index+1))
		_, err := resource.Patch(t.Context(), "g000", types.MergePatchType, patch, metav1.PatchOptions{})
		must(t, err)
	}
	_, err = resource.List(t.Context(), metav1.ListOptions{Limit: 50, Continue: first.GetContinue()})
	if !apierrors.IsResourceExpired(err) {
		t.Fatalf("a forgotten page: %v", err)
	}
	next := err.(apierrors.APIStatus).Status().Continue
	rest, err := resource.List(t.Context(), metav1.ListOptions{Continue: next})
	must(t, err)
	if len(rest.Items) != 70 {
		t.Errorf("%d objects on the other pages", len(rest.Items))
	}
	old, err := resource.Watch(t.Context(), metav1.ListOptions{ResourceVersion: first.GetResourceVersion()})
	must(t, err)
	event := <-old.ResultChan()
	if event.Type != watch.Error || !apierrors.IsResourceExpired(apierrors.FromObject(event.Object)) {
		t.Errorf("a watch from a forgotten revision: %v", event)
	}
}
