//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// node stands for the controllers and the kubelets of a cluster, as far as the chart needs them: it runs one pod of each
// Deployment, and those of Jobs and Pods, and writes down what came of them. One is all: pods have no addresses of their
// own here, and two replicas would listen on the same port.
type node struct {
	t           *testing.T
	namespace   string
	deployments map[types.UID]*running
	replaced    atomic.Int32       // pods of Deployments that ended as another one came
	done        map[types.UID]bool // Jobs and Pods
	logs        map[string]string  // of Jobs and Pods that ended well, by name
	stop        func()
}

// running is the pod of a Deployment.
type running struct {
	*cluster.Pod
	generation int64
	readyz     string // URL
	ready      bool
}

// startNode runs what there is to run in a namespace until the test ends or stop is called.
func startNode(t *testing.T, namespace string) *node {
	t.Helper()
	n := &node{t: t, namespace: namespace, deployments: map[types.UID]*running{}, done: map[types.UID]bool{}, logs: map[string]string{}}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = wait.PollUntilContextCancel(ctx, 50*time.Millisecond, true, func(ctx context.Context) (bool, error) {
			if err := errors.Join(n.runDeployments(ctx), n.runJobs(ctx), n.runPods(ctx)); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			return false, nil
		})
		for _, r := range n.deployments {
			if err := r.Stop(); err != nil {
				t.Error(err)
			}
		}
	}()
	n.stop = func() { cancel(); <-ended }
	t.Cleanup(n.stop)
	return n
}

// runDeployments brings what runs up to date.
func (n *node) runDeployments(ctx context.Context) error {
	var list appsv1.DeploymentList
	if err := suite.client.List(ctx, &list, client.InNamespace(n.namespace)); err != nil {
		return err
	}
	there := map[types.UID]bool{}
	for i := range list.Items {
		d := &list.Items[i]
		there[d.UID] = true
		if err := n.runDeployment(ctx, d); err != nil {
			return err
		}
	}
	for uid, r := range n.deployments {
		if there[uid] {
			continue
		}
		delete(n.deployments, uid)
		if err := r.Stop(); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) runDeployment(ctx context.Context, d *appsv1.Deployment) error {
	now := n.deployments[d.UID]
	if now == nil || now.generation != d.Generation {
		pod, err := suite.RunPod(ctx, suite.server, d.Namespace, d.Spec.Template.Spec)
		if err != nil {
			return err
		}
		n.deployments[d.UID] = &running{Pod: pod, generation: d.Generation, readyz: readyz(d.Spec.Template.Spec.Containers[0])}
		if now != nil { // only then, as in a rolling update
			n.replaced.Add(1)
			return now.Stop()
		}
		return nil
	}
	if now.ready || !cluster.IsReady(ctx, now.readyz) {
		return nil
	}
	now.ready = true
	d.Status = appsv1.DeploymentStatus{
		ObservedGeneration: d.Generation, Replicas: *d.Spec.Replicas, UpdatedReplicas: *d.Spec.Replicas,
		ReadyReplicas: *d.Spec.Replicas, AvailableReplicas: *d.Spec.Replicas,
		Conditions: []appsv1.DeploymentCondition{
			{Type: appsv1.DeploymentAvailable, Status: corev1.ConditionTrue},
			{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, Reason: "NewReplicaSetAvailable"},
		},
	}
	return client.IgnoreNotFound(suite.client.Status().Update(ctx, d))
}

func readyz(c corev1.Container) string {
	probe := c.ReadinessProbe.HTTPGet
	for _, p := range c.Ports {
		if p.Name == probe.Port.StrVal {
			return fmt.Sprintf("http://127.0.0.1:%d%s", p.ContainerPort, probe.Path)
		}
	}
	return ""
}

// runJobs runs the pod of each Job to its end, once.
func (n *node) runJobs(ctx context.Context) error {
	var list batchv1.JobList
	if err := suite.client.List(ctx, &list, client.InNamespace(n.namespace)); err != nil {
		return err
	}
	for i := range list.Items {
		job := &list.Items[i]
		if n.done[job.UID] {
			continue
		}
		n.done[job.UID] = true
		start := metav1.Now()
		if err := n.runToEnd(ctx, job.Name, job.Spec.Template.Spec); err != nil {
			return err
		}
		end := metav1.Now()
		condition := func(kind batchv1.JobConditionType) batchv1.JobCondition {
			return batchv1.JobCondition{Type: kind, Status: corev1.ConditionTrue, LastTransitionTime: end}
		}
		job.Status = batchv1.JobStatus{
			StartTime: &start, CompletionTime: &end, Succeeded: 1,
			Conditions: []batchv1.JobCondition{condition(batchv1.JobSuccessCriteriaMet), condition(batchv1.JobComplete)},
		}
		if err := suite.client.Status().Update(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

// runPods runs each Pod to its end, once.
func (n *node) runPods(ctx context.Context) error {
	var list corev1.PodList
	if err := suite.client.List(ctx, &list, client.InNamespace(n.namespace)); err != nil {
		return err
	}
	for i := range list.Items {
		pod := &list.Items[i]
		if n.done[pod.UID] {
			continue
		}
		n.done[pod.UID] = true
		pod.Status.Phase = corev1.PodSucceeded
		if err := n.runToEnd(ctx, pod.Name, pod.Spec); err != nil {
			n.logs[pod.Name] = err.Error()
			pod.Status.Phase = corev1.PodFailed
		}
		if err := suite.client.Status().Update(ctx, pod); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}

func (n *node) runToEnd(ctx context.Context, name string, spec corev1.PodSpec) error {
	pod, err := suite.RunPod(ctx, suite.server, n.namespace, spec)
	if err != nil {
		return err
	}
	out, err := pod.Wait(ctx)
	n.logs[name] = out
	return err
}
