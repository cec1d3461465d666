package clients

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

const finalizer = "go.test/finalizer"

// reconciler does what controllers do: a finalizer by patch, a child by update, another by apply, status, an event.
type reconciler struct {
	client.Client
	events record.EventRecorder
	runs   atomic.Int32
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	r.runs.Add(1)
	object := gadget("", "", nil)
	if err := r.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !object.GetDeletionTimestamp().IsZero() {
		if controllerutil.RemoveFinalizer(object, finalizer) {
			return ctrl.Result{}, r.Update(ctx, object)
		}
		return ctrl.Result{}, nil
	}
	if before := object.DeepCopy(); controllerutil.AddFinalizer(object, finalizer) {
		return ctrl.Result{}, r.Patch(ctx, object, client.MergeFrom(before))
	}
	if err := r.makeChildren(ctx, object); err != nil {
		return ctrl.Result{}, err
	}
	observed, _, _ := unstructured.NestedInt64(object.Object, "status", "observed")
	if observed == object.GetGeneration() {
		return ctrl.Result{}, nil
	}
	_ = unstructured.SetNestedField(object.Object, object.GetGeneration(), "status", "observed")
	if err := r.Status().Update(ctx, object); err != nil {
		return ctrl.Result{}, err
	}
	r.events.Event(object, corev1.EventTypeNormal, "Observed", "observed")
	return ctrl.Result{}, nil
}

func (r *reconciler) makeChildren(ctx context.Context, object *unstructured.Unstructured) error {
	child := configMap(object.GetNamespace(), object.GetName())
	_, err := controllerutil.CreateOrUpdate(ctx, r.Client, child, func() error {
		size, _, _ := unstructured.NestedInt64(object.Object, "spec", "size")
		child.Data = map[string]string{"size": fmt.Sprint(size)}
		return controllerutil.SetControllerReference(object, child, r.Scheme())
	})
	if err != nil {
		return err
	}
	service := &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: metav1.ObjectMeta{Name: object.GetName(), Namespace: object.GetNamespace()},
		Spec:       corev1.ServiceSpec{ClusterIP: "None", Ports: []corev1.ServicePort{{Name: "x", Port: 80}}},
	}
	if err := controllerutil.SetControllerReference(object, service, r.Scheme()); err != nil {
		return err
	}
	return r.Patch(ctx, service, client.Apply, client.FieldOwner("gadgets"), client.ForceOwnership)
}

func startManager(t *testing.T, c cluster, namespace string) *reconciler {
	t.Helper()
	manager, err := ctrl.NewManager(c.config, ctrl.Options{
		Scheme:                        scheme,
		Metrics:                       server.Options{BindAddress: "0"},
		LeaderElection:                true,
		LeaderElectionID:              "gadgets",
		LeaderElectionNamespace:       namespace,
		LeaderElectionReleaseOnCancel: true,
		Cache:                         cache.Options{DefaultNamespaces: map[string]cache.Config{namespace: {}}},
	})
	must(t, err)
	r := &reconciler{Client: manager.GetClient(), events: manager.GetEventRecorderFor("gadgets")}
	unchecked := true
	must(t, ctrl.NewControllerManagedBy(manager).
		For(gadget("", "", nil)).
		Owns(&corev1.ConfigMap{}).
		Owns(&corev1.Service{}, builder.OnlyMetadata).
		Named(namespace).
		WithOptions(controller.Options{SkipNameValidation: &unchecked, MaxConcurrentReconciles: 4}).
		Complete(r))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- manager.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the manager ended: %v", err)
		}
	})
	return r
}

func TestManager(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		r := startManager(t, c, namespace)
		resource := c.free.Resource(gadgets).Namespace(namespace)
		for index := range 5 {
			_, err := resource.Create(t.Context(), gadget(namespace, fmt.Sprintf("g%d", index), nil), metav1.CreateOptions{})
			must(t, err)
		}
		observed := func(name string, generation int64) func() (bool, string) {
			return func() (bool, string) {
				live, err := resource.Get(t.Context(), name, metav1.GetOptions{})
				if err != nil {
					return false, err.Error()
				}
				seen, _, _ := unstructured.NestedInt64(live.Object, "status", "observed")
				return seen == generation, fmt.Sprint(live.Object["status"])
			}
		}
		for index := range 5 {
			eventually(t, "it is observed", observed(fmt.Sprintf("g%d", index), 1))
		}
		_, err := resource.Patch(t.Context(), "g1", types.MergePatchType, []byte(`{"spec":{"size":7}}`), metav1.PatchOptions{})
		must(t, err)
		eventually(t, "the change is observed", observed("g1", 2))
		child, err := c.typed.CoreV1().ConfigMaps(namespace).Get(t.Context(), "g1", metav1.GetOptions{})
		must(t, err)
		if child.Data["size"] != "7" {
			t.Errorf("the child has %v", child.Data)
		}
		must(t, resource.Delete(t.Context(), "g2", metav1.DeleteOptions{}))
		eventually(t, "it goes with its children", func() (bool, string) {
			_, owner := resource.Get(t.Context(), "g2", metav1.GetOptions{})
			_, child := c.typed.CoreV1().ConfigMaps(namespace).Get(t.Context(), "g2", metav1.GetOptions{})
			_, service := c.typed.CoreV1().Services(namespace).Get(t.Context(), "g2", metav1.GetOptions{})
			return isGone(owner) && isGone(child) && isGone(service), fmt.Sprint(owner, child, service)
		})
		eventually(t, "its events are recorded", func() (bool, string) {
			about := metav1.ListOptions{FieldSelector: "involvedObject.name=g1,reason=Observed"}
			list, err := c.typed.CoreV1().Events(namespace).List(t.Context(), about)
			return err == nil && len(list.Items) == 1 && list.Items[0].Count == 2, fmt.Sprint(err)
		})
		// A write that changes nothing must not be an event, or controllers that apply on every run never rest.
		eventually(t, "it comes to rest", func() (bool, string) {
			before := r.runs.Load()
			time.Sleep(500 * time.Millisecond)
			return r.runs.Load() == before, fmt.Sprint(before)
		})
	})
}

func TestLeaderElection(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		leaders := make(chan string, 2)
		campaign := func(identity string) (context.CancelFunc, <-chan struct{}) {
			lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, "lock", c.typed.CoreV1(),
				c.typed.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: identity})
			must(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
					Lock: lock, LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 100 * time.Millisecond,
					ReleaseOnCancel: true,
					Callbacks: leaderelection.LeaderCallbacks{
						OnStartedLeading: func(context.Context) { leaders <- identity },
						OnStoppedLeading: func() {},
					},
				})
			}()
			return cancel, ended
		}
		stopFirst, firstEnded := campaign("first")
		if leader := <-leaders; leader != "first" {
			t.Errorf("%s leads", leader)
		}
		stopSecond, secondEnded := campaign("second")
		stopFirst()
		<-firstEnded
		if leader := <-leaders; leader != "second" {
			t.Errorf("%s leads", leader)
		}
		stopSecond()
		<-secondEnded
		lease, err := c.typed.CoordinationV1().Leases(namespace).Get(t.Context(), "lock", metav1.GetOptions{})
		must(t, err)
		if lease.Spec.LeaseTransitions == nil || *lease.Spec.LeaseTransitions == 0 || lease.Spec.RenewTime.IsZero() {
			t.Errorf("the lease: %+v", lease.Spec)
		}
	})
}

func TestMapperFindsNewDefinitions(t *testing.T) {
	c := connect(t, "")
	http, err := rest.HTTPClientFor(c.config)
	must(t, err)
	mapper, err := apiutil.NewDynamicRESTMapper(c.config, http)
	must(t, err)
	late := schema.GroupKind{Group: "late.go.test", Kind: "Gadget"}
	if _, err := mapper.RESTMapping(late, "v1"); !meta.IsNoMatchError(err) {
		t.Errorf("before it is defined: %v", err)
	}
	definition := &unstructured.Unstructured{}
	definition.SetAPIVersion("apiextensions.k8s.io/v1")
	definition.SetKind("CustomResourceDefinition")
	must(t, c.client.Get(t.Context(), types.NamespacedName{Name: "gadgets.go.test"}, definition))
	spec := definition.Object["spec"].(map[string]any)
	spec["group"] = late.Group
	copied := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "gadgets." + late.Group}, "spec": spec,
	}}
	must(t, c.client.Create(t.Context(), copied))
	eventually(t, "it is discovered", func() (bool, string) {
		_, err := mapper.RESTMapping(late, "v1")
		return err == nil, fmt.Sprint(err)
	})
	must(t, c.client.Delete(t.Context(), copied))
}
