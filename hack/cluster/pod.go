package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	authentication "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Pod is the only container of a pod, run as a process of this machine: what a kubelet would do, but for isolation.
type Pod struct {
	*Server
	dir string // of its volumes and its kubeconfig
}

// RunPod starts a pod's container with binary in the place of its image. It gets its arguments, its environment, its
// Secrets and ConfigMaps as they are now, and the rights of its ServiceAccount and no others.
func (c *Cluster) RunPod(ctx context.Context, binary, namespace string, spec corev1.PodSpec) (*Pod, error) {
	if len(spec.Containers) != 1 {
		return nil, fmt.Errorf("a pod of %d containers, want 1", len(spec.Containers))
	}
	dir, err := os.MkdirTemp(c.dir, "pod-")
	if err != nil {
		return nil, err
	}
	pod := &Pod{dir: dir}
	client, err := kubernetes.NewForConfig(c.Config)
	if err == nil {
		err = errors.Join(
			pod.mount(ctx, client, namespace, spec),
			pod.authenticate(ctx, client, namespace, spec.ServiceAccountName, c.Config.Host, c.Config.CAData),
		)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	cmd := exec.Command(binary, pod.args(spec.Containers[0])...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "KUBECONFIG=" + pod.kubeconfig()}
	for _, e := range spec.Containers[0].Env {
		cmd.Env = append(cmd.Env, e.Name+"="+e.Value)
	}
	pod.Server, err = launch(cmd)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return pod, nil
}

// Wait returns what the process printed, once it has ended by itself. The error says that it did not end well, with its log.
func (p *Pod) Wait(ctx context.Context) (string, error) {
	select {
	case <-p.done:
	case <-ctx.Done():
	}
	err := p.Stop()
	return p.out.String(), err
}

// Stop ends the process as Server.Stop does, and removes what was mounted.
func (p *Pod) Stop() error {
	return errors.Join(p.Server.Stop(), os.RemoveAll(p.dir))
}

func (p *Pod) kubeconfig() string { return filepath.Join(p.dir, "kubeconfig") }

// args are the container's, with the mounted paths as they are here.
func (p *Pod) args(c corev1.Container) []string {
	var out []string
	for _, arg := range c.Args {
		for _, m := range c.VolumeMounts {
			arg = strings.ReplaceAll(arg, "="+m.MountPath, "="+filepath.Join(p.dir, m.Name))
		}
		out = append(out, arg)
	}
	return out
}

// mount writes the pod's volumes to a directory each.
func (p *Pod) mount(ctx context.Context, c kubernetes.Interface, namespace string, spec corev1.PodSpec) error {
	for _, v := range spec.Volumes {
		files := map[string][]byte{}
		switch {
		case v.Secret != nil:
			secret, err := c.CoreV1().Secrets(namespace).Get(ctx, v.Secret.SecretName, metav1.GetOptions{})
			if err != nil {
				return err
			}
			files = secret.Data
		case v.ConfigMap != nil:
			configMap, err := c.CoreV1().ConfigMaps(namespace).Get(ctx, v.ConfigMap.Name, metav1.GetOptions{})
			if err != nil {
				return err
			}
			for name, text := range configMap.Data {
				files[name] = []byte(text)
			}
		default:
			return fmt.Errorf("volume %s is neither of a Secret nor of a ConfigMap", v.Name)
		}
		if err := writeFiles(filepath.Join(p.dir, v.Name), files); err != nil {
			return err
		}
	}
	return nil
}

func writeFiles(dir string, files map[string][]byte) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// authenticate writes a kubeconfig with a token of the ServiceAccount.
func (p *Pod) authenticate(ctx context.Context, c kubernetes.Interface, namespace, account, host string, ca []byte) error {
	token, err := c.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account, &authentication.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	config := clientcmdapi.NewConfig()
	config.Clusters["here"] = &clientcmdapi.Cluster{Server: host, CertificateAuthorityData: ca}
	config.AuthInfos["pod"] = &clientcmdapi.AuthInfo{Token: token.Status.Token}
	config.Contexts["pod"] = &clientcmdapi.Context{Cluster: "here", AuthInfo: "pod", Namespace: namespace}
	config.CurrentContext = "pod"
	return clientcmd.WriteToFile(*config, p.kubeconfig())
}
