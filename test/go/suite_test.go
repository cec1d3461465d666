// Package clients is what Kubernetes programs written in Go do to an API server: `npm run test:go` runs it against the
// embedded cluster. KUBECONFIG names the cluster.
package clients

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"
)

var (
	gadgets = schema.GroupVersionResource{Group: "go.test", Version: "v1", Resource: "gadgets"}
	scheme  = runtime.NewScheme()
)

// cluster is one way to talk to the API server: built-in kinds travel in protobuf by default, in JSON if asked for.
type cluster struct {
	config *rest.Config
	typed  *kubernetes.Clientset
	free   *dynamic.DynamicClient
	client client.Client
}

func connect(t *testing.T, contentType string) cluster {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	config.QPS = -1
	config.ContentType = contentType
	all, err := client.New(config, client.Options{Scheme: scheme})
	must(t, err)
	return cluster{config, kubernetes.NewForConfigOrDie(config), dynamic.NewForConfigOrDie(config), all}
}

// forBoth runs a test in protobuf and in JSON, each in a namespace of its own.
func forBoth(t *testing.T, run func(t *testing.T, c cluster, namespace string)) {
	for name, contentType := range map[string]string{"protobuf": "", "json": "application/json"} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, contentType)
			run(t, c, newNamespace(t, c))
		})
	}
}

var namespaces atomic.Int32

func newNamespace(t *testing.T, c cluster) string {
	t.Helper()
	name := fmt.Sprintf("go-%d-%d", os.Getpid(), namespaces.Add(1))
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	_, err := c.typed.CoreV1().Namespaces().Create(t.Context(), object, metav1.CreateOptions{})
	must(t, err)
	return name
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually fails the test unless check holds within two minutes: kube-controller-manager looks for new kinds every half
// a minute, and comes back ever later to what it could not place before.
func eventually(t *testing.T, what string, check func() (bool, string)) {
	t.Helper()
	last := ""
	err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, 2*time.Minute, true, func(context.Context) (bool, error) {
		done, state := check()
		last = state
		return done, nil
	})
	if err != nil {
		t.Fatalf("%s: %v (%s)", what, err, last)
	}
}

func configMap(namespace, name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}}
}

func gadget(namespace, name string, spec map[string]any) *unstructured.Unstructured {
	object := map[string]any{
		"apiVersion": "go.test/v1",
		"kind":       "Gadget",
		"metadata":   map[string]any{"name": name, "namespace": namespace},
	}
	if spec != nil {
		object["spec"] = spec
	}
	return &unstructured.Unstructured{Object: object}
}

func isGone(err error) bool { return apierrors.IsNotFound(err) }

func TestMain(m *testing.M) {
	ctrllog.SetLogger(logr.Discard())
	_ = clientgoscheme.AddToScheme(scheme)
	_ = apiextensionsv1.AddToScheme(scheme)
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err == nil {
		_, err = envtest.InstallCRDs(config, envtest.CRDInstallOptions{Paths: []string{"testdata"}, ErrorIfPathMissing: true})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
