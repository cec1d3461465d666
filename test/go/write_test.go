package clients

import (
	"fmt"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	appsac "k8s.io/client-go/applyconfigurations/apps/v1"
	coreac "k8s.io/client-go/applyconfigurations/core/v1"
	metaac "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

func TestOptimisticLock(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		maps := c.typed.CoreV1().ConfigMaps(namespace)
		counter := configMap(namespace, "counter")
		counter.Data = map[string]string{"n": "0"}
		_, err := maps.Create(t.Context(), counter, metav1.CreateOptions{})
		must(t, err)
		backoff := retry.DefaultBackoff
		backoff.Steps, backoff.Factor, backoff.Cap = 1000, 1, 0
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 5 {
					err := retry.RetryOnConflict(backoff, func() error {
						live, err := maps.Get(t.Context(), "counter", metav1.GetOptions{})
						if err != nil {
							return err
						}
						n := 0
						fmt.Sscan(live.Data["n"], &n)
						live.Data["n"] = fmt.Sprint(n + 1)
						_, err = maps.Update(t.Context(), live, metav1.UpdateOptions{})
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		live, err := maps.Get(t.Context(), "counter", metav1.GetOptions{})
		must(t, err)
		if live.Data["n"] != "40" {
			t.Errorf("40 additions make %s", live.Data["n"])
		}
		stale := gadget(namespace, "g", map[string]any{"size": int64(1)})
		must(t, c.client.Create(t.Context(), stale))
		newer := stale.DeepCopy()
		must(t, unstructured.SetNestedField(newer.Object, int64(2), "spec", "size"))
		must(t, c.client.Update(t.Context(), newer))
		status := stale.DeepCopy()
		must(t, unstructured.SetNestedField(status.Object, "Up", "status", "phase"))
		lock := client.MergeFromWithOptions(stale, client.MergeFromWithOptimisticLock{})
		if err := c.client.Status().Patch(t.Context(), status.DeepCopy(), lock); !apierrors.IsConflict(err) {
			t.Errorf("a locked patch of a stale object: %v", err)
		}
		must(t, c.client.Status().Patch(t.Context(), status, client.MergeFrom(stale)))
	})
}

func TestApplyByTwoManagers(t *testing.T) {
	c := connect(t, "")
	namespace := newNamespace(t, c)
	resource := c.free.Resource(gadgets).Namespace(namespace)
	port := func(name string) []any { return []any{map[string]any{"name": name, "port": int64(1)}} }
	a := gadget(namespace, "g", map[string]any{"size": int64(1), "color": "red", "ports": port("a")})
	b := gadget(namespace, "g", map[string]any{"size": int64(2), "ports": port("b")})
	first, err := resource.Apply(t.Context(), "g", a, metav1.ApplyOptions{FieldManager: "a"})
	must(t, err)
	again, err := resource.Apply(t.Context(), "g", a, metav1.ApplyOptions{FieldManager: "a"})
	must(t, err)
	if first.GetResourceVersion() != again.GetResourceVersion() {
		t.Error("the same apply again is a write")
	}
	_, err = resource.Apply(t.Context(), "g", b, metav1.ApplyOptions{FieldManager: "b"})
	if !apierrors.IsConflict(err) {
		t.Fatalf("another value: %v", err)
	}
	causes := err.(apierrors.APIStatus).Status().Details.Causes
	if len(causes) != 1 || causes[0].Type != metav1.CauseTypeFieldManagerConflict || causes[0].Field != ".spec.size" {
		t.Errorf("causes: %v", causes)
	}
	_, err = resource.Apply(t.Context(), "g", b, metav1.ApplyOptions{FieldManager: "b", Force: true})
	must(t, err)
	left, err := resource.Apply(t.Context(), "g", gadget(namespace, "g", map[string]any{"mode": "b"}), metav1.ApplyOptions{FieldManager: "a"})
	must(t, err)
	if spec := fmt.Sprint(left.Object["spec"]); spec != "map[mode:b ports:[map[name:b port:1]] size:2]" {
		t.Errorf("after a let go: %s", spec)
	}
	for _, manager := range []string{"s", "t"} {
		status := gadget(namespace, "g", nil)
		condition := map[string]any{"type": manager, "status": "True"}
		status.Object["status"] = map[string]any{"conditions": []any{condition}}
		left, err = resource.ApplyStatus(t.Context(), "g", status, metav1.ApplyOptions{FieldManager: manager})
		must(t, err)
	}
	if conditions, _, _ := unstructured.NestedSlice(left.Object, "status", "conditions"); len(conditions) != 2 {
		t.Errorf("conditions: %v", conditions)
	}
}

func TestApplyOfTypedObjects(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		labels := map[string]string{"app": "s"}
		set := func(image string) *appsac.StatefulSetApplyConfiguration {
			container := coreac.Container().WithName("c").WithImage(image).WithPorts(coreac.ContainerPort().WithContainerPort(80))
			template := coreac.PodTemplateSpec().WithLabels(labels).WithSpec(coreac.PodSpec().WithContainers(container))
			selector := metaac.LabelSelector().WithMatchLabels(labels)
			spec := appsac.StatefulSetSpec().WithReplicas(0).WithServiceName("s").WithSelector(selector).WithTemplate(template)
			return appsac.StatefulSet("s", namespace).WithSpec(spec)
		}
		sets := c.typed.AppsV1().StatefulSets(namespace)
		_, err := sets.Apply(t.Context(), set("i:1"), metav1.ApplyOptions{FieldManager: "m"})
		must(t, err)
		eventually(t, "its status is written", func() (bool, string) {
			live, err := sets.Get(t.Context(), "s", metav1.GetOptions{})
			return err == nil && live.Status.ObservedGeneration == 1, fmt.Sprint(err)
		})
		first, err := sets.Apply(t.Context(), set("i:1"), metav1.ApplyOptions{FieldManager: "m"})
		must(t, err)
		again, err := sets.Apply(t.Context(), set("i:1"), metav1.ApplyOptions{FieldManager: "m"})
		must(t, err)
		if first.ResourceVersion != again.ResourceVersion {
			t.Error("the same apply again is a write")
		}
		own, err := appsac.ExtractStatefulSet(again, "m")
		must(t, err)
		if own.Spec == nil || *own.Spec.Template.Spec.Containers[0].Image != "i:1" {
			t.Errorf("what the manager owns: %+v", own.Spec)
		}
		_, err = sets.Apply(t.Context(), set("i:2"), metav1.ApplyOptions{FieldManager: "other"})
		if !apierrors.IsConflict(err) {
			t.Errorf("another manager: %v", err)
		}
	})
}

func TestDryRunsAndFieldValidation(t *testing.T) {
	c := connect(t, "")
	namespace := newNamespace(t, c)
	dry := client.NewDryRunClient(c.client)
	object := gadget(namespace, "d", nil)
	must(t, dry.Create(t.Context(), object))
	if err := c.client.Get(t.Context(), client.ObjectKeyFromObject(object), object.DeepCopy()); !isGone(err) {
		t.Errorf("created by a dry run: %v", err)
	}
	live := gadget(namespace, "d", map[string]any{"size": int64(1)})
	must(t, c.client.Create(t.Context(), live))
	tried := live.DeepCopy()
	must(t, dry.Patch(t.Context(), tried, client.RawPatch(types.MergePatchType, []byte(`{"spec":{"size":5}}`))))
	must(t, dry.Delete(t.Context(), tried))
	revision := live.GetResourceVersion()
	must(t, c.client.Get(t.Context(), client.ObjectKeyFromObject(live), live))
	if live.GetResourceVersion() != revision {
		t.Error("a dry run wrote")
	}
	strict := client.WithFieldValidation(c.client, metav1.FieldValidationStrict)
	if err := strict.Create(t.Context(), gadget(namespace, "x", map[string]any{"nope": "a"})); !apierrors.IsBadRequest(err) {
		t.Errorf("an unknown field: %v", err)
	}
	big := gadget(namespace, "big", map[string]any{"size": int64(9007199254740993)})
	must(t, c.client.Create(t.Context(), big))
	if size, _, _ := unstructured.NestedInt64(big.Object, "spec", "size"); size != 9007199254740993 {
		t.Errorf("a large integer became %d", size)
	}
}

func TestDeletionPolicies(t *testing.T) {
	forBoth(t, func(t *testing.T, c cluster, namespace string) {
		maps := c.typed.CoreV1().ConfigMaps(namespace)
		family := func(name string) (*unstructured.Unstructured, *corev1.ConfigMap) {
			owner := gadget(namespace, name, nil)
			must(t, c.client.Create(t.Context(), owner))
			child := configMap(namespace, name+"-child")
			must(t, controllerutil.SetControllerReference(owner, child, scheme))
			child, err := maps.Create(t.Context(), child, metav1.CreateOptions{})
			must(t, err)
			return owner, child
		}
		gone := func(owner *unstructured.Unstructured, child *corev1.ConfigMap) func() (bool, string) {
			return func() (bool, string) {
				_, childErr := maps.Get(t.Context(), child.Name, metav1.GetOptions{})
				ownerErr := c.client.Get(t.Context(), client.ObjectKeyFromObject(owner), owner.DeepCopy())
				return isGone(childErr) && isGone(ownerErr), fmt.Sprint(childErr, ownerErr)
			}
		}
		for _, policy := range []metav1.DeletionPropagation{metav1.DeletePropagationBackground, metav1.DeletePropagationForeground} {
			owner, child := family("with-" + fmt.Sprint(len(policy)))
			must(t, c.client.Delete(t.Context(), owner.DeepCopy(), client.PropagationPolicy(policy)))
			eventually(t, string(policy)+" takes the child along", gone(owner, child))
		}
		owner, child := family("without")
		must(t, c.client.Delete(t.Context(), owner.DeepCopy(), client.PropagationPolicy(metav1.DeletePropagationOrphan)))
		eventually(t, "Orphan frees the child", func() (bool, string) {
			err := c.client.Get(t.Context(), client.ObjectKeyFromObject(owner), owner.DeepCopy())
			live, childErr := maps.Get(t.Context(), child.Name, metav1.GetOptions{})
			return isGone(err) && childErr == nil && len(live.OwnerReferences) == 0, fmt.Sprint(err, childErr)
		})
		foreign := types.UID("00000000-0000-0000-0000-000000000000")
		err := maps.Delete(t.Context(), child.Name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &foreign}})
		if !apierrors.IsConflict(err) {
			t.Errorf("a deletion of another uid: %v", err)
		}
	})
}
